package io.quorate.api.port;

import java.time.Duration;

/**
 * How often a client may ping. A ping that comes too soon after the one before is a strike, and the third strike ends the connection, as etcd
 * has it. Once something was sent to the client, the next ping is free and forgets all strikes. Used by one event loop.
 */
final class PingRule {

    private static final int STRIKES_MAX = 2;

    private final long intervalNanos;
    private long lastNanos;
    private boolean pinged;
    private boolean sent;
    private int strikes;

    /** @param interval the shortest that is tolerated */
    PingRule(Duration interval) {
        this.intervalNanos = interval.toNanos();
    }

    /** Headers or data leave for the client. */
    void sent() {
        sent = true;
    }

    /**
     * A ping came: whether the client may go on.
     *
     * @param nowNanos of a clock that only goes forward
     */
    boolean admits(long nowNanos) {
        boolean soon = pinged && nowNanos - lastNanos < intervalNanos;
        lastNanos = nowNanos;
        pinged = true;
        if (sent) {
            sent = false;
            strikes = 0;
        } else if (soon) {
            strikes++;
        }
        return strikes <= STRIKES_MAX;
    }
}
