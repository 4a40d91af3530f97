package io.quorate.base;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import lombok.extern.slf4j.Slf4j;

/**
 * Counts what took longer than it should, and logs one such case a second. The caller describes the case only when
 * {@link #isSlow} said so, so that what is fast allocates nothing. Any thread.
 */
@Slf4j
public final class SlowLog {

    private static final Duration LOG_EVERY = Duration.ofSeconds(1);
    private static final double NANOS_PER_MILLI = 1e6;

    private final Supplier<Duration> slowAfter;
    private final Throttle logged;
    private final LongAdder slow = new LongAdder();

    /** @param slowAfter what takes longer is slow, now; zero means that nothing is */
    public SlowLog(Supplier<Duration> slowAfter, MonotonicClock clock) {
        this.slowAfter = slowAfter;
        this.logged = new Throttle(LOG_EVERY, clock);
    }

    /** Whether so many nanoseconds are too long. */
    public boolean isSlow(long nanos) {
        Duration limit = slowAfter.get();
        return !limit.isZero() && nanos > limit.toNanos();
    }

    /**
     * Notes a slow case.
     *
     * @param what what was slow, never a value that was in it; asked only if a line is written
     */
    public void note(Supplier<String> what, long nanos) {
        slow.increment();
        long heldBack = logged.admit();
        if (heldBack != Throttle.HELD_BACK) {
            log.warn(
                    "{} took {} ms, more than {} ms{}",
                    what.get(),
                    Math.round(nanos / NANOS_PER_MILLI),
                    slowAfter.get().toNanos() / NANOS_PER_MILLI,
                    Throttle.more(heldBack));
        }
    }

    /** Cases that were slow. */
    public long count() {
        return slow.sum();
    }
}
