package io.quorate.node.transport;

import java.time.Duration;

/** Lets the first event pass, and then one an interval; an event of another kind passes at once. One thread. */
final class RateLimit {

    private static final long INTERVAL_NANOS = Duration.ofSeconds(30).toNanos();

    private String kind = "";
    private long passedNanos;
    private long suppressed;

    /** Whether to report; {@link #suppressed} then tells how many were not. */
    boolean passes(String nextKind) {
        long now = System.nanoTime();
        if (nextKind.equals(kind) && now - passedNanos < INTERVAL_NANOS) {
            suppressed++;
            return false;
        }
        kind = nextKind;
        passedNanos = now;
        return true;
    }

    /** How many were not reported since this was asked last. */
    long suppressed() {
        long count = suppressed;
        suppressed = 0;
        return count;
    }

    /** All is well again: the next event passes. */
    void reset() {
        kind = "";
        suppressed = 0;
    }
}
