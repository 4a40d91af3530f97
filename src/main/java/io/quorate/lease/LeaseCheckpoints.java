package io.quorate.lease;

import io.quorate.lease.LeaseRecord.LeaseCheckpoint;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * When which lease's remaining time goes into the log. Without checkpoints every change of leader gives all leases their full
 * time again, so a lease of a day may never end in a cluster that changes leaders daily.
 *
 * <p>The price is paid by renewals: what the log says about a lease must not be less than what its client was told. A
 * renewal of a lease with a checkpoint, applied or under way, is therefore answered only when a further one, a <i>reset</i>,
 * has been applied. Guarded by the manager's lock.
 */
final class LeaseCheckpoints {

    private final LeaseSettings settings;
    private final long intervalNanos;
    private final DueQueue due = new DueQueue();
    private final Set<Lease> resetting = new LinkedHashSet<>();

    LeaseCheckpoints(LeaseSettings settings) {
        this.settings = settings;
        this.intervalNanos = settings.checkpointInterval().toNanos();
    }

    /** Plans the next checkpoint of a lease if it has enough time left and none is planned. */
    void schedule(Lease lease, long now) {
        if (settings.checkpoints() && !lease.checkpointEntry.isQueued() && lease.expiry - now > intervalNanos) {
            due.put(lease.checkpointEntry, now + intervalNanos);
        }
    }

    /** Forgets a lease that was revoked. */
    void forget(Lease lease) {
        due.remove(lease.checkpointEntry);
        resetting.remove(lease);
    }

    /** Forgets all plans. */
    void clear() {
        due.clear();
        resetting.clear();
    }

    /** Takes note of a renewal; returns what it has to wait for, null if nothing. */
    @Nullable
    CompletionStage<Long> renewed(Lease lease, long now) {
        schedule(lease, now);
        if (!settings.checkpoints() || (lease.remainingTtl == 0 && !lease.checkpointUnderWay)) {
            return null;
        }
        CompletableFuture<Long> waiting = lease.resetting;
        if (waiting == null) {
            waiting = new CompletableFuture<>();
            lease.resetting = waiting;
            lease.resetProposed = now - settings.checkpointRetry().toNanos();
            resetting.add(lease);
        }
        return waiting.minimalCompletionStage();
    }

    /** The resets to propose now: new ones, and those proposed a while ago without effect. */
    List<LeaseCheckpoint> takeResets(long now) {
        if (resetting.isEmpty()) {
            return List.of();
        }
        List<LeaseCheckpoint> resets = new ArrayList<>();
        Iterator<Lease> leases = resetting.iterator();
        while (leases.hasNext() && resets.size() < settings.checkpointBatch()) {
            Lease lease = leases.next();
            if (now - lease.resetProposed >= settings.checkpointRetry().toNanos()) {
                lease.resetProposed = now;
                resets.add(new LeaseCheckpoint(lease.id, 0));
            }
        }
        return resets;
    }

    /** A lease's checkpoint was applied; returns the renewals that waited for it, null if there are none. */
    @Nullable
    CompletableFuture<Long> applied(Lease lease) {
        lease.checkpointUnderWay = false;
        CompletableFuture<Long> waiting = lease.resetting;
        if (lease.remainingTtl != 0 || waiting == null) {
            return null;
        }
        lease.resetting = null;
        resetting.remove(lease);
        return waiting;
    }

    /** The checkpoints to propose now, at most a batch; each lease's next one is planned. */
    List<LeaseCheckpoint> takeDue(long now) {
        List<LeaseCheckpoint> taken = new ArrayList<>();
        DueQueue.Entry first = due.first();
        while (first != null && first.due() <= now && taken.size() < settings.checkpointBatch()) {
            Lease lease = first.lease();
            due.remove(first);
            schedule(lease, now);
            long remaining = lease.remainingSecondsUp(now);
            if (remaining > 0 && remaining < lease.ttl) {
                lease.checkpointUnderWay = true;
                taken.add(new LeaseCheckpoint(lease.id, remaining));
            }
            first = due.first();
        }
        return taken;
    }
}
