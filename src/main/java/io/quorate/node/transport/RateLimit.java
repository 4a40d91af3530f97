package io.quorate.node.transport;

import io.quorate.base.MonotonicClock;
import io.quorate.base.Throttle;
import java.time.Duration;

/** Lets the first event pass, and then one an interval; an event of another kind passes at once. One thread. */
final class RateLimit {

    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final MonotonicClock clock;
    private String kind = "";
    private Throttle throttle;

    RateLimit(MonotonicClock clock) {
        this.clock = clock;
        this.throttle = new Throttle(INTERVAL, clock);
    }

    /** Asks to report an event: how many of its kind were held back before it, or {@link Throttle#HELD_BACK}. */
    long admit(String nextKind) {
        if (!nextKind.equals(kind)) {
            kind = nextKind;
            throttle = new Throttle(INTERVAL, clock);
        }
        return throttle.admit();
    }
}
