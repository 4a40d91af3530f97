package io.quorate.bench;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call in flight at a time, on one event loop. In a closed loop the next call begins when the one before has
 * ended. At a fixed rate every call has its time, and its latency counts from that time even when the slot was still
 * busy: a server that stalls pays for every call that should have been made meanwhile. A call that is repeated until it
 * succeeds is one call, and its latency counts all of it.
 */
final class Slot {

    private static final long PAUSE_AFTER_ERROR_MILLIS = 10;

    private final EventLoop loop;
    private final Recorder recorder;
    private final Phase phase;
    private final long intervalNanos;
    private final boolean retry;
    private @Nullable Operation operation;
    private long dueAt;

    /**
     * @param intervalNanos between the calls of this slot, or 0 for a closed loop
     * @param retry whether a call that failed is made again until it succeeds
     */
    Slot(EventLoop loop, Recorder recorder, Phase phase, long intervalNanos, boolean retry) {
        this.loop = loop;
        this.recorder = recorder;
        this.phase = phase;
        this.intervalNanos = intervalNanos;
        this.retry = retry;
    }

    /** Begins on the event loop. */
    void start(Operation what, long firstAt) {
        operation = what;
        dueAt = firstAt;
        loop.execute(this::next);
    }

    /** The call has ended. */
    void done(boolean ok) {
        long now = System.nanoTime();
        if (!ok && retry) {
            recorder.retried();
            var _ = loop.schedule(this::issue, PAUSE_AFTER_ERROR_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        if (now >= phase.countFrom && now < phase.countTo) {
            recorder.record(now - dueAt, ok);
        }
        dueAt = intervalNanos == 0 ? now : dueAt + intervalNanos;
        if (ok) {
            next();
        } else { // a server that is gone refuses at once: neither spin nor recurse
            var _ = loop.schedule(this::next, PAUSE_AFTER_ERROR_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void next() {
        long now = System.nanoTime();
        if (now >= phase.countTo || phase.budget.getAndDecrement() <= 0) {
            phase.slotEnded();
            return;
        }
        if (intervalNanos == 0) {
            dueAt = now;
            issue();
        } else if (dueAt <= now) {
            issue();
        } else {
            var _ = loop.schedule(this::issue, dueAt - now, TimeUnit.NANOSECONDS);
        }
    }

    private void issue() {
        Operation what = operation;
        if (what == null) {
            throw new IllegalStateException("Slot was not started");
        }
        what.issue();
    }
}
