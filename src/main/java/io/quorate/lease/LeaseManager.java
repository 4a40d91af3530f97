package io.quorate.lease;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import io.quorate.base.MonotonicClock;
import io.quorate.lease.LeaseException.LeaseExistsException;
import io.quorate.lease.LeaseException.LeaseNotFoundException;
import io.quorate.lease.LeaseException.LeaseTtlTooLargeException;
import io.quorate.lease.LeaseException.NotPrimaryException;
import io.quorate.lease.LeaseRecord.LeaseCheckpoint;
import io.quorate.mvcc.MvccStore.LeaseAttachments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All leases of the member. Which exist is replicated state, changed by the apply thread only; when they expire is known
 * to the primary only. See the package description for threads and locks.
 */
public final class LeaseManager implements LeaseAttachments {

    /** The longest time to live, in seconds; as nanoseconds it still fits a long, with room for the uptime. */
    public static final long TTL_MAX_SECONDS = 9_000_000_000L;

    private final LeaseRepository repository;
    private final LeaseSettings settings;
    private final LeaseDuties duties;
    private final MonotonicClock clock;
    private final long origin;

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock; the table of leases may be read without it by the apply thread, the only one to change it.
    private final Map<Long, Lease> leases = new HashMap<>();

    @GuardedBy("lock")
    private final DueQueue expiries = new DueQueue();

    @GuardedBy("lock")
    private final LeaseCheckpoints checkpoints;

    private volatile boolean primary; // changed with the lock held

    private volatile long term; // read before what it is to go with: an older term than that of the leases does no harm

    @GuardedBy("lock")
    private long expiryDue;

    private final BooleanSupplier frozen;
    private final LeaseCounts counts = new LeaseCounts();

    /**
     * Restores the leases from the repository, not as primary.
     *
     * @param frozen whether another cluster decides about the leases: then none expires, and each keeps what is left. Cheap, any thread
     */
    public LeaseManager(
            LeaseRepository repository,
            LeaseSettings settings,
            LeaseDuties duties,
            MonotonicClock clock,
            BooleanSupplier frozen) {
        this.repository = repository;
        this.settings = settings;
        this.duties = duties;
        this.clock = clock;
        this.frozen = frozen;
        this.origin = clock.nanos();
        this.checkpoints = new LeaseCheckpoints(settings);
        restore();
    }

    /**
     * Forgets everything and reads the leases from the repository, at start and after a snapshot was installed. The
     * caller must re-attach all keys afterwards. The member is not primary then. Apply thread.
     */
    public void restore() {
        demote();
        List<Lease> stored = new ArrayList<>();
        repository.findAll().forEach(found -> stored.add(new Lease(found)));
        lock.lock();
        try {
            leases.clear();
            stored.forEach(lease -> leases.put(lease.id, lease));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Creates a lease. Apply thread.
     *
     * @param id any number but 0, which is never a lease
     * @param ttlSeconds raised to the minimum if below
     * @return the lease with its effective time to live
     * @throws LeaseException if the time is too large, the id is in use, or it is 0
     */
    public LeaseRecord grant(long id, long ttlSeconds) {
        if (id == 0) {
            throw new LeaseNotFoundException(id);
        }
        if (ttlSeconds > TTL_MAX_SECONDS) {
            throw new LeaseTtlTooLargeException(ttlSeconds);
        }
        if (leases.containsKey(id)) {
            throw new LeaseExistsException(id);
        }
        LeaseRecord created = new LeaseRecord(id, Math.max(ttlSeconds, settings.ttlMinSeconds()), 0);
        repository.save(created);
        Lease lease = new Lease(created);
        lock.lock();
        try {
            leases.put(id, lease);
            if (primary) {
                long now = now();
                lease.refresh(now);
                expiries.put(lease.expiryEntry, lease.expiry);
                checkpoints.schedule(lease, now);
            }
        } finally {
            lock.unlock();
        }
        counts.grant();
        return created;
    }

    /**
     * Ends a lease. The caller deletes its keys in the same entry, in the order returned, which is the same on every
     * member. Apply thread.
     *
     * @return the attached keys, sorted
     */
    public List<Bytes> revoke(long id) {
        Lease lease = leases.get(id);
        if (lease == null) {
            throw new LeaseNotFoundException(id);
        }
        repository.deleteById(id);
        RenewalOutcomes outcomes = new RenewalOutcomes();
        lock.lock();
        try {
            leases.remove(id);
            expiries.remove(lease.expiryEntry);
            checkpoints.forget(lease);
            outcomes.fail(lease, new LeaseNotFoundException(id));
        } finally {
            lock.unlock();
        }
        outcomes.announce();
        counts.revoke();
        List<Bytes> keys = new ArrayList<>(lease.keys);
        keys.sort(null);
        return keys;
    }

    /** Attaches a key to a lease, which must exist (idempotent). Apply thread. */
    @Override
    public void attach(long id, Bytes key) {
        Lease lease = leases.get(id);
        if (lease == null) {
            throw new Fault("key " + key + " is attached to unknown lease " + Long.toHexString(id));
        }
        lock.lock();
        try {
            lease.keys.add(key);
        } finally {
            lock.unlock();
        }
    }

    /** Detaches a key from a lease, which may have been revoked already. Apply thread. */
    @Override
    public void detach(long id, Bytes key) {
        Lease lease = leases.get(id);
        if (lease != null) {
            lock.lock();
            try {
                lease.keys.remove(key);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Applies remaining times from the log; leases that are gone are passed over. Apply thread. */
    public void checkpoint(List<LeaseCheckpoint> applied) {
        RenewalOutcomes outcomes = new RenewalOutcomes();
        for (LeaseCheckpoint checkpoint : applied) {
            Lease lease = leases.get(checkpoint.id());
            if (lease == null) {
                continue;
            }
            lock.lock();
            try {
                lease.remainingTtl = checkpoint.remainingTtl();
                CompletableFuture<Long> reset = checkpoints.applied(lease);
                if (reset != null) {
                    outcomes.succeed(reset, lease.ttl);
                }
                if (primary) {
                    checkpoints.schedule(lease, now());
                }
            } finally {
                lock.unlock();
            }
            repository.save(lease.toRecord());
        }
        outcomes.announce();
    }

    /** Each lease runs from what is left of it. To be called before they are not frozen any more. Apply thread. */
    public void resume() {
        if (isPrimary()) {
            promote(term, Duration.ZERO);
        }
    }

    /** Takes over a lease of another cluster, new or known, while frozen. Apply thread. */
    public void copy(LeaseRecord copied) {
        repository.save(copied);
        lock.lock();
        try {
            Lease lease = leases.computeIfAbsent(copied.id(), id -> new Lease(copied));
            lease.ttl = copied.ttl();
            lease.remainingTtl = copied.remainingTtl();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Becomes primary: every lease gets its full time, or what the last checkpoint left of it, and the extension on top.
     * With many leases the expiries are spread so that revoking keeps up. Apply thread, once the first entry of the new
     * term is applied, so that no lease of an earlier term is still to come.
     *
     * @param ofTerm the term that this member leads in
     * @param extension how long clients may have been unable to renew: an election timeout
     */
    public void promote(long ofTerm, Duration extension) {
        long now = now();
        long start = now + extension.toNanos();
        List<Lease> order = new ArrayList<>(leases.values());
        order.sort(Comparator.comparingLong(lease -> lease.expiryWhenPromoted(start)));
        long[] dues = ExpirySpread.expiries(order, start, settings.revokedPerSecond());
        lock.lock();
        try {
            primary = true;
            term = ofTerm;
            expiryDue = now + settings.expiryInterval().toNanos();
            for (int i = 0; i < dues.length; i++) {
                Lease lease = order.get(i);
                lease.expiry = dues[i];
                expiries.put(lease.expiryEntry, dues[i]);
                checkpoints.schedule(lease, now);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Stops being primary: nothing expires any more and waiting renewals fail. Any thread. */
    public void demote() {
        RenewalOutcomes outcomes = new RenewalOutcomes();
        lock.lock();
        try {
            primary = false;
            expiries.clear();
            checkpoints.clear();
            for (Lease lease : leases.values()) {
                lease.expiry = Lease.NEVER;
                outcomes.fail(lease, new NotPrimaryException());
            }
        } finally {
            lock.unlock();
        }
        outcomes.announce();
    }

    /**
     * Gives a lease its full time again. Any thread.
     *
     * @return the full time in seconds, at once in nearly all cases. It waits for the revocation of a lease that has expired,
     *     and for the log to forget a checkpoint that leaves less time. Fails with {@link LeaseNotFoundException} or
     *     {@link NotPrimaryException}
     */
    public CompletionStage<Long> renew(long id) {
        CompletionStage<Long> answer;
        lock.lock();
        try {
            Lease lease = leases.get(id);
            if (!primary) {
                return CompletableFuture.failedStage(new NotPrimaryException());
            }
            if (lease == null) {
                return CompletableFuture.failedStage(new LeaseNotFoundException(id));
            }
            long now = now();
            if (lease.isExpired(now)) {
                if (lease.ending == null) {
                    lease.ending = new CompletableFuture<>();
                }
                return lease.ending.minimalCompletionStage();
            }
            // The queue entry stays where it is, before the expiry, and is moved when its time has come: renewals cost
            // no queue operation.
            lease.refresh(now);
            counts.renew();
            answer = checkpoints.renewed(lease, now);
            if (answer == null) {
                return CompletableFuture.completedStage(lease.ttl);
            }
        } finally {
            lock.unlock();
        }
        proposeResets();
        return answer;
    }

    /**
     * What is left of a lease; on the primary only. Any thread.
     *
     * @throws LeaseException if there is no such lease, or the member is not primary
     */
    public LeaseStatus timeToLive(long id, boolean withKeys) {
        return locked(() -> {
            if (!primary) {
                throw new NotPrimaryException();
            }
            Lease lease = leases.get(id);
            if (lease == null) {
                throw new LeaseNotFoundException(id);
            }
            long left = frozen.getAsBoolean() ? lease.secondsWhenPromoted() : lease.remainingSeconds(now());
            return new LeaseStatus(id, left, lease.ttl, withKeys ? List.copyOf(lease.keys) : List.of());
        });
    }

    /** A lease's stored form; null if it does not exist. Any thread. */
    public @Nullable LeaseRecord lookup(long id) {
        return locked(() -> leases.containsKey(id) ? leases.get(id).toRecord() : null);
    }

    /** The keys that hang on a lease; none if it does not exist. Any thread. */
    public List<Bytes> keys(long id) {
        return locked(() -> {
            Lease lease = leases.get(id);
            return lease == null ? List.of() : List.copyOf(lease.keys);
        });
    }

    /** All leases; on the primary the one that expires first comes first. Any thread. */
    public List<Long> leases() {
        record Expiry(long id, long at) {}
        Expiry[] all = locked(() -> leases.values().stream()
                .map(lease -> new Expiry(lease.id, lease.expiry))
                .toArray(Expiry[]::new));
        Arrays.sort(all, Comparator.comparingLong(Expiry::at).thenComparingLong(Expiry::id));
        return Arrays.stream(all).map(Expiry::id).toList();
    }

    /**
     * Does what is due: offers expired leases for revocation and proposes checkpoints. Called by the owner of
     * {@code timer} only.
     *
     * @return nanoseconds until the next call is needed; 0 if there is more to do at once
     */
    public long doWork() {
        long now = now();
        long led = term;
        List<Lease> expired = takeExpired(now);
        if (!expired.isEmpty()
                && !duties.revoke(led, expired.stream().map(lease -> lease.id).toList())) {
            offerAgain(expired, now);
        }
        proposeResets();
        boolean more = !frozen.getAsBoolean() && proposeCheckpoints(now);
        lock.lock();
        try {
            long rest = primary ? expiryDue - now : settings.expiryInterval().toNanos();
            return more ? 0 : Math.max(0, rest);
        } finally {
            lock.unlock();
        }
    }

    /** Whether this member decides about expiries. */
    public boolean isPrimary() {
        return primary;
    }

    /** Whether this member decides about expiries, and a lease has run out that is not revoked yet. Any thread. */
    public boolean hasExpired() {
        return locked(() -> primary && !frozen.getAsBoolean() && Lease.hasExpired(leases.values(), now()));
    }

    /** What was done since the start. */
    public LeaseCounts counts() {
        return counts;
    }

    private <T extends @Nullable Object> T locked(Supplier<T> reading) {
        lock.lock();
        try {
            return reading.get();
        } finally {
            lock.unlock();
        }
    }

    private List<Lease> takeExpired(long now) {
        List<Lease> expired = new ArrayList<>();
        lock.lock();
        try {
            if (!primary || expiryDue > now) {
                return expired;
            }
            expiryDue = now + settings.expiryInterval().toNanos();
            DueQueue.Entry first = frozen.getAsBoolean() ? null : expiries.first();
            while (first != null && first.due() <= now && expired.size() < settings.expiryBatch()) {
                Lease lease = first.lease();
                if (lease.isExpired(now)) {
                    expired.add(lease);
                    expiries.put(first, now + settings.expiryRetry().toNanos());
                } else {
                    expiries.put(first, lease.expiry);
                }
                first = expiries.first();
            }
        } finally {
            lock.unlock();
        }
        return expired;
    }

    private void offerAgain(List<Lease> refused, long now) {
        lock.lock();
        try {
            for (Lease lease : refused) {
                if (lease.expiryEntry.isQueued()) {
                    expiries.put(lease.expiryEntry, now);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void proposeResets() {
        List<LeaseCheckpoint> resets;
        long led = term;
        lock.lock();
        try {
            resets = checkpoints.takeResets(now());
        } finally {
            lock.unlock();
        }
        if (!resets.isEmpty()) {
            duties.checkpoint(led, resets);
        }
    }

    /** Returns true if more are due. */
    private boolean proposeCheckpoints(long now) {
        List<LeaseCheckpoint> due;
        long led = term;
        lock.lock();
        try {
            due = checkpoints.takeDue(now);
        } finally {
            lock.unlock();
        }
        if (!due.isEmpty()) {
            duties.checkpoint(led, due);
        }
        return due.size() == settings.checkpointBatch();
    }

    private long now() {
        return clock.nanos() - origin;
    }
}
