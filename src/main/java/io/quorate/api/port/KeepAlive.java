package io.quorate.api.port;

import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Pings a client that has been silent, and gives it up when it stays so: a connection whose other end is gone would stay open forever. Used
 * by the event loop of the connection only.
 */
final class KeepAlive {

    private final long intervalNanos;
    private final long timeoutNanos;
    private final Runnable ping;
    private final Runnable giveUp;

    private @Nullable Future<?> check;
    private long heardNanos;
    private long pingedNanos;

    /**
     * @param interval how long a client may be silent, not positive if forever
     * @param timeout how long it may stay silent after a ping, not positive if forever
     */
    KeepAlive(Duration interval, Duration timeout, Runnable ping, Runnable giveUp) {
        this.intervalNanos = timeout.isPositive() ? interval.toNanos() : 0;
        this.timeoutNanos = timeout.toNanos();
        this.ping = ping;
        this.giveUp = giveUp;
    }

    /** The connection is open. */
    void start(ChannelHandlerContext ctx) {
        if (intervalNanos > 0) {
            heard();
            later(ctx, () -> lookForSilence(ctx), intervalNanos);
        }
    }

    /** The client sent something. */
    void heard() {
        heardNanos = System.nanoTime();
    }

    private void lookForSilence(ChannelHandlerContext ctx) {
        long left = intervalNanos - (System.nanoTime() - heardNanos);
        if (left > 0) {
            later(ctx, () -> lookForSilence(ctx), left);
        } else {
            pingedNanos = System.nanoTime();
            ping.run();
            later(ctx, () -> lookForAnswer(ctx), timeoutNanos);
        }
    }

    private void lookForAnswer(ChannelHandlerContext ctx) {
        if (heardNanos - pingedNanos > 0) {
            lookForSilence(ctx);
        } else {
            giveUp.run();
        }
    }

    private void later(ChannelHandlerContext ctx, Runnable next, long nanos) {
        check = ctx.executor().schedule(next, nanos, TimeUnit.NANOSECONDS);
    }

    /** The connection is closed. */
    void stop() {
        if (check != null) {
            check.cancel(false);
            check = null;
        }
    }
}
