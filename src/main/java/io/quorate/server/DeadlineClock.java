package io.quorate.server;

import io.quorate.base.Agent;
import io.quorate.base.MonotonicClock;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.PendingProposals;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The {@code lease-clock}: everything that happens because time passed, besides ticks: leases run out, waits end, the
 * member publishes itself again.
 */
public final class DeadlineClock implements Agent {

    private static final long STEP_NANOS = Duration.ofMillis(100).toNanos();

    private final LongSupplier leases;
    private final PendingProposals pending;
    private final LinearizableReader reader;
    private final Publisher publisher;
    private final MonotonicClock clock;
    private long nextStep;

    /**
     * @param leases looks for leases that ran out; gives the nanoseconds until it has to look again
     */
    public DeadlineClock(
            LongSupplier leases,
            PendingProposals pending,
            LinearizableReader reader,
            Publisher publisher,
            MonotonicClock clock) {
        this.leases = leases;
        this.pending = pending;
        this.reader = reader;
        this.publisher = publisher;
        this.clock = clock;
        this.nextStep = clock.nanos();
    }

    @Override
    public String name() {
        return "lease-clock";
    }

    @Override
    public long doWork() {
        long leaseRest = leases.getAsLong();
        long now = clock.nanos();
        if (now - nextStep >= 0) {
            nextStep = now + STEP_NANOS;
            pending.expire(now);
            reader.poll(now);
            publisher.poll();
        }
        return Math.min(leaseRest, Math.max(1, nextStep - now));
    }
}
