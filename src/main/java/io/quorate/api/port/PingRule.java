package io.quorate.api.port;

import java.time.Duration;

/**
 * How often a client may ping. A ping that comes too soon after the one before is a strike, and the third strike ends the connection, as etcd
 * has it: with a call the shortest interval is a setting, without one it is two hours. Once something was sent to the client, the next ping is
 * free and forgets all strikes. Used by one event loop.
 */
final class PingRule {

    private static final int STRIKES_MAX = 2;

    /** What counts where the setting is 0. */
    private static final Duration USUAL_INTERVAL = Duration.ofMinutes(5);

    /** Without a call there is nothing to keep alive. */
    private static final long IDLE_INTERVAL_NANOS = Duration.ofHours(2).toNanos();

    private final long intervalNanos;
    private long lastNanos;
    private boolean pinged;
    private boolean sent;
    private int strikes;

    /** @param interval the shortest that is tolerated while a call goes on; 0 for five minutes */
    PingRule(Duration interval) {
        this.intervalNanos = (interval.isZero() ? USUAL_INTERVAL : interval).toNanos();
    }

    /** Headers or data leave for the client. */
    void sent() {
        sent = true;
    }

    /**
     * A ping came: whether the client may go on.
     *
     * @param nowNanos of a clock that only goes forward
     * @param calling whether a call of the client goes on
     */
    boolean admits(long nowNanos, boolean calling) {
        boolean soon = pinged && nowNanos - lastNanos < (calling ? intervalNanos : IDLE_INTERVAL_NANOS);
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
