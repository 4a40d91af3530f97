package io.quorate.lease;

import io.quorate.base.Bytes;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One lease; everything that changes is guarded by the manager's lock. */
final class Lease {

    /** The expiry of a lease on a member that is not primary. */
    static final long NEVER = Long.MAX_VALUE;

    private static final long SECOND = 1_000_000_000L;

    final long id;

    /** Seconds granted; only a lease of another cluster gets other ones. */
    long ttl;

    /** Seconds left at the last checkpoint; 0 for none. */
    long remainingTtl;

    /** When it expires, on the manager's time line. */
    long expiry = NEVER;

    final Set<Bytes> keys = new HashSet<>();
    final DueQueue.Entry expiryEntry = new DueQueue.Entry(this);
    final DueQueue.Entry checkpointEntry = new DueQueue.Entry(this);

    /** True while a checkpoint that leaves less than the full time may be on its way through the log. */
    boolean checkpointUnderWay;

    /** Renewals that came too late and wait for the revocation. */
    @Nullable
    CompletableFuture<Long> ending;

    /** Renewals that wait until the log says that the full time is left again. */
    @Nullable
    CompletableFuture<Long> resetting;

    /** When the checkpoint for these was last proposed. */
    long resetProposed;

    Lease(LeaseRecord stored) {
        this.id = stored.id();
        this.ttl = stored.ttl();
        this.remainingTtl = stored.remainingTtl();
    }

    LeaseRecord toRecord() {
        return new LeaseRecord(id, ttl, remainingTtl);
    }

    /** Starts the full time anew. */
    void refresh(long now) {
        expiry = after(now, ttl);
    }

    /** The expiry that a new primary gives it, before the extension: what the last checkpoint left, or the full time. */
    long expiryWhenPromoted(long now) {
        return after(now, secondsWhenPromoted());
    }

    long secondsWhenPromoted() {
        return remainingTtl > 0 ? remainingTtl : ttl;
    }

    boolean isExpired(long now) {
        return expiry <= now;
    }

    /** Whether one of them is. */
    static boolean hasExpired(Collection<Lease> leases, long now) {
        return leases.stream().anyMatch(lease -> lease.isExpired(now));
    }

    /** Whole seconds left, cut toward zero. */
    long remainingSeconds(long now) {
        return (expiry - now) / SECOND;
    }

    /** Whole seconds left, a started second counting whole. */
    long remainingSecondsUp(long now) {
        return Math.ceilDiv(expiry - now, SECOND);
    }

    private static long after(long now, long seconds) {
        return now + seconds * SECOND;
    }
}
