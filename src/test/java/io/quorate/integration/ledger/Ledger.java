package io.quorate.integration.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.integration.ledger.Attempt.Outcome;
import io.quorate.proto.mvccpb.Event;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Every write that the clients asked for, and what they were told. Any thread. */
public final class Ledger {

    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final CountDownLatch firstComplaint = new CountDownLatch(1);
    private final AtomicLong highestRevision = new AtomicLong(1);
    private final Semaphore acknowledgements = new Semaphore(0);

    /**
     * A client is about to ask for a write.
     *
     * @param changes each as made by {@link Attempt#put} or {@link Attempt#delete}, in the order of the operations
     */
    public Attempt add(String id, List<String> changes) {
        Attempt attempt = Attempt.of(id, changes);
        attempts.add(attempt);
        return attempt;
    }

    /** An answer said so; no later answer may show an older revision of the store. */
    public void acknowledge(Attempt attempt, long revision) {
        if (attempt.outcome() == Outcome.HAPPENED && attempt.revision() != revision) {
            complain(attempt + " was acknowledged with revision " + revision);
        }
        attempt.happened(revision);
        sawRevision(revision);
        acknowledgements.release();
    }

    /** An answer said that it had no effect. */
    public void refused(Attempt attempt) {
        attempt.neverHappened();
        attempts.remove(attempt);
    }

    /** A client was shown this revision of the store. */
    public void sawRevision(long revision) {
        highestRevision.accumulateAndGet(revision, Math::max);
    }

    /** A client was answered what it must not be. */
    public void complain(String what) {
        complaints.add(what);
        firstComplaint.countDown();
    }

    /** Waits for a complaint, at most so long; says whether there is one. */
    public boolean awaitComplaint(Duration limit) throws InterruptedException {
        return firstComplaint.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Waits for so many more acknowledgements, or until time is over. */
    public void awaitAcknowledgements(int count, Duration limit) throws InterruptedException {
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

    /** What clients complained about, in the order of time. */
    public Collection<String> complaints() {
        return complaints;
    }

    /** Highest revision any client was ever shown. */
    public long highestRevision() {
        return highestRevision.get();
    }

    /**
     * Checks that every attempt acknowledged up to the end of these events is at its revision, and that every revision is
     * exactly one attempt. An attempt without an answer that is found here has happened from now on.
     *
     * @param events of every revision that was not checked and {@linkplain #forgetUpTo forgotten} before
     * @param last the revision of the store at their end
     */
    public void settle(NavigableMap<Long, List<Event>> events, long last) {
        Map<Long, Attempt> acknowledged = new HashMap<>();
        Map<String, Deque<Attempt>> unknown = new HashMap<>();
        for (Attempt attempt : attempts) {
            if (attempt.outcome() == Outcome.UNKNOWN) {
                unknown.computeIfAbsent(attempt.signature, ignored -> new ArrayDeque<>())
                        .add(attempt);
            } else if (attempt.outcome() == Outcome.HAPPENED && attempt.revision() <= last) {
                Attempt other = acknowledged.put(attempt.revision(), attempt);
                assertThat(other)
                        .as("the other attempt with the revision of %s", attempt)
                        .isNull();
            }
        }
        events.forEach((revision, group) -> {
            String signature = Attempt.signature(group);
            Attempt attempt = acknowledged.remove(revision);
            if (attempt != null) {
                assertThat(signature).as("%s", attempt).isEqualTo(attempt.signature);
            } else {
                Deque<Attempt> candidates = unknown.getOrDefault(signature, new ArrayDeque<>());
                assertThat(candidates)
                        .as("attempts for revision %d: %s", revision, signature)
                        .isNotEmpty();
                candidates.removeFirst().happened(revision);
            }
        });
        assertThat(acknowledged.values()).as("acknowledged and lost").isEmpty();
    }

    /** What has not happened yet never will: whoever might have done it is dead. */
    public void abandonUnknown() {
        attempts.stream()
                .filter(attempt -> attempt.outcome() == Outcome.UNKNOWN)
                .forEach(Attempt::neverHappened);
    }

    /** Drops attempts that need no more checks, or whose revisions are compacted. */
    public void forgetUpTo(long revision) {
        attempts.removeIf(attempt -> attempt.outcome() == Outcome.HAPPENED && attempt.revision() <= revision);
    }
}
