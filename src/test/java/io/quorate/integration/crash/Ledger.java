package io.quorate.integration.crash;

import java.time.Duration;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Everything the clients asked for, and what they were told. Any thread. */
final class Ledger {

    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private final Queue<LeaseNote> leases = new ConcurrentLinkedQueue<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final AtomicLong highestRevision = new AtomicLong(1);
    private final Semaphore acknowledgements = new Semaphore(0);

    void add(Attempt attempt) {
        attempts.add(attempt);
    }

    void add(LeaseNote lease) {
        leases.add(lease);
    }

    /** An answer said so; no later answer may show an older revision of the store. */
    void acknowledge(Attempt attempt, long revision) {
        attempt.happened(revision);
        sawRevision(revision);
        acknowledgements.release();
    }

    void sawRevision(long revision) {
        highestRevision.accumulateAndGet(revision, Math::max);
    }

    /** A client was answered what it must not be. */
    void complain(String what) {
        complaints.add(what);
    }

    /** Waits for so many more acknowledgements, or until time is over. */
    void awaitAcknowledgements(int count, Duration limit) throws InterruptedException {
        acknowledgements.drainPermits();
        if (!acknowledgements.tryAcquire(count, limit.toNanos(), TimeUnit.NANOSECONDS)) {
            complainIfNothingWasAcknowledged();
        }
    }

    private void complainIfNothingWasAcknowledged() {
        if (acknowledgements.availablePermits() == 0) {
            complain("No write was acknowledged at all");
        }
    }

    Collection<Attempt> attempts() {
        return attempts;
    }

    Collection<LeaseNote> leases() {
        return leases;
    }

    Collection<String> complaints() {
        return complaints;
    }

    /** Highest revision any client was ever shown. */
    long highestRevision() {
        return highestRevision.get();
    }

    /** Drops attempts that can no longer be checked, because their revisions are compacted. */
    void forgetUpTo(long revision) {
        attempts.removeIf(attempt -> attempt.outcome() == Attempt.Outcome.HAPPENED && attempt.revision() <= revision);
    }
}
