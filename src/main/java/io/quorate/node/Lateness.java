package io.quorate.node;

import io.quorate.base.MonotonicClock;
import io.quorate.base.Throttle;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import lombok.extern.slf4j.Slf4j;

/**
 * Notices ticks that come late. Followers wait for several heartbeats: one that is late by less than two is no trouble, and on
 * a busy machine an everyday one. Noted by the {@code raft-node} thread, read by anybody.
 */
@Slf4j
final class Lateness {

    private static final int TICKS = 2;
    private static final Duration LOG_EVERY = Duration.ofSeconds(10);

    private final long limitNanos;
    private final Throttle lines;
    private final LongAdder heartbeats = new LongAdder();

    Lateness(long tickNanos, MonotonicClock clock) {
        this.limitNanos = TICKS * tickNanos;
        this.lines = new Throttle(LOG_EVERY, clock);
    }

    /**
     * A tick came late by so much.
     *
     * @param leads whether others waited for a heartbeat meanwhile
     */
    void note(long nanos, boolean leads) {
        if (nanos <= limitNanos) {
            return;
        }
        if (leads) {
            heartbeats.increment();
        }
        long heldBack = lines.admit();
        if (heldBack != Throttle.HELD_BACK) {
            log.warn(
                    "ticks are late by {} ms, the machine is overloaded or was paused{}",
                    nanos / 1_000_000,
                    Throttle.more(heldBack));
        }
    }

    /** Heartbeats that others got too late. */
    long heartbeats() {
        return heartbeats.sum();
    }
}
