package io.quorate.node.transport;

import io.quorate.base.MonotonicClock;
import io.quorate.base.Throttle;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets the first event of a kind pass, and then one an interval. A source that makes up ever new kinds is held back too: so many kinds
 * pass in an interval, and no more. One thread.
 */
final class RateLimit {

    static final Duration INTERVAL = Duration.ofSeconds(30);
    static final int KINDS_MAX = 16;

    private final MonotonicClock clock;
    private final Map<String, Kind> kinds = new HashMap<>();

    private static final class Kind {

        private long dueNanos;
        private long held;

        Kind(long dueNanos) {
            this.dueNanos = dueNanos;
        }
    }

    RateLimit(MonotonicClock clock) {
        this.clock = clock;
    }

    /** Asks to report an event: how many of its kind were held back before it, or {@link Throttle#HELD_BACK}. */
    long admit(String name) {
        long now = clock.nanos();
        Kind kind = kinds.get(name);
        if (kind == null) {
            return admitNew(name, now);
        }
        if (now - kind.dueNanos < 0) {
            kind.held++;
            return Throttle.HELD_BACK;
        }
        long held = kind.held;
        kind.held = 0;
        kind.dueNanos = now + INTERVAL.toNanos();
        return held;
    }

    private long admitNew(String name, long now) {
        kinds.values().removeIf(kind -> now - kind.dueNanos >= 0);
        if (kinds.size() >= KINDS_MAX) {
            return Throttle.HELD_BACK;
        }
        kinds.put(name, new Kind(now + INTERVAL.toNanos()));
        return 0;
    }
}
