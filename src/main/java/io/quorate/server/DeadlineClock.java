package io.quorate.server;

import io.quorate.base.Agent;
import io.quorate.base.MonotonicClock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The {@code timer}: everything that happens because time passed, besides ticks: leases run out, waits end, the
 * member publishes itself again, history is compacted.
 *
 * <p>Owned by the {@code timer} thread.
 */
public final class DeadlineClock implements Agent {

    private static final long STEP_NANOS = Duration.ofMillis(100).toNanos();

    private final LongSupplier leases;
    private final List<LongConsumer> polls;
    private final MonotonicClock clock;
    private long nextStep;

    /**
     * @param leases looks for leases that ran out; gives the nanoseconds until it has to look again
     * @param polls called ten times a second with the time, in this order
     */
    public DeadlineClock(LongSupplier leases, List<LongConsumer> polls, MonotonicClock clock) {
        this.leases = leases;
        this.polls = List.copyOf(polls);
        this.clock = clock;
        this.nextStep = clock.nanos();
    }

    @Override
    public String name() {
        return "timer";
    }

    @Override
    public long doWork() {
        long leaseRest = leases.getAsLong();
        long now = clock.nanos();
        if (now - nextStep >= 0) {
            nextStep = now + STEP_NANOS;
            polls.forEach(poll -> poll.accept(now));
        }
        return Math.min(leaseRest, Math.max(1, nextStep - now));
    }
}
