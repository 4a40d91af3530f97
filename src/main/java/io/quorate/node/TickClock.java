package io.quorate.node;

import io.quorate.base.MonotonicClock;

/** When the core ticks, and what late ticks tell. Driven by {@code raft-node}; any thread asks whether the member stands still. */
final class TickClock {

    /** A tick that is late by more heartbeats than this ends a pause. */
    private static final int PAUSE_TICKS = 3;

    private final MonotonicClock clock;
    private final long tickNanos;
    private final Lateness lateness;
    private boolean begun; // the first tick was scheduled; never reset
    private long nextNanos; // when the next tick is due
    private volatile long lastNanos; // written by raft-node; others notice a pause by it
    private volatile long pauses; // see PAUSE_TICKS; never decreases

    /** @param tickNanos from one tick to the next */
    TickClock(long tickNanos, MonotonicClock clock) {
        this.clock = clock;
        this.tickNanos = tickNanos;
        this.lateness = new Lateness(tickNanos, clock);
        this.lastNanos = clock.nanos();
    }

    /**
     * Whether the core has to tick now. One tick at the most is due: after a pause the election clock must not jump.
     *
     * @param sendsHeartbeats whether a late tick is a late heartbeat
     */
    boolean takeDue(boolean sendsHeartbeats) {
        long now = clock.nanos();
        if (!begun) {
            begun = true;
            nextNanos = now + tickNanos;
        }
        if (now - nextNanos < 0) {
            return false;
        }
        if (now - lastNanos > PAUSE_TICKS * tickNanos) {
            pauses++; // before the new time is seen
        }
        lastNanos = now;
        long late = now - nextNanos;
        nextNanos = late > tickNanos ? now + tickNanos : nextNanos + tickNanos;
        lateness.note(late, sendsHeartbeats);
        return true;
    }

    /** The time before this was no pause. */
    void restart() {
        lastNanos = clock.nanos();
    }

    /** Nanoseconds until the next tick; at least 1. */
    long rest() {
        return Math.max(1, nextNanos - clock.nanos());
    }

    /** Whether the last tick is so long ago that this member may be waking up from a pause. */
    boolean isPaused() {
        return clock.nanos() - lastNanos > PAUSE_TICKS * tickNanos;
    }

    /** Pauses that a tick has ended. Ask after {@link #isPaused}, so that a pause is seen by one or the other. */
    long pauses() {
        return pauses;
    }

    /** Heartbeats that were late by more than two of them. */
    long lateHeartbeats() {
        return lateness.heartbeats();
    }
}
