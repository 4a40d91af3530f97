package io.quorate.server;

import io.quorate.auth.AuthStore;
import io.quorate.base.Meters;
import io.quorate.lease.LeaseRecord.LeaseCheckpoint;
import io.quorate.proposal.Proposer;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.LeaseCheckpointRequest;
import io.quorate.proto.LeaseRevokeRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Revokes leases that ran out, and notes what others have left, through Raft, after making sure that this member still
 * leads: one that was paused may have been deposed, and its clock says nothing then. What is decided here is only ever
 * appended by this member as the leader of that term, never forwarded. At most 16 revocations are under way; what fails is
 * offered again by the lease manager.
 */
@Slf4j
public final class ExpiredLeases {

    private static final int PARALLEL = 16;

    private final Leadership leadership;
    private final Proposer proposer;
    private final AuthStore auth;
    private final LongAdder expired = new LongAdder();

    /** @param auth under whose rules revocations are made in the name of root */
    public ExpiredLeases(Leadership leadership, Proposer proposer, AuthStore auth) {
        this.leadership = leadership;
        this.proposer = proposer;
        this.auth = auth;
    }

    /** Starts revoking; the work goes on without this thread. */
    void revoke(long term, List<Long> leases) {
        CompletionStage<Void> unused = leadership
                .ensure()
                .whenComplete((isLeader, failure) -> {
                    if (failure != null || !isLeader) {
                        log.debug("{} expired leases are left alone: leadership is not certain", leases.size());
                        return;
                    }
                    AtomicInteger next = new AtomicInteger();
                    for (int i = 0; i < Math.min(PARALLEL, leases.size()); i++) {
                        revokeNext(term, leases, next);
                    }
                })
                .thenAccept(ignored -> {});
    }

    private void revokeNext(long term, List<Long> leases, AtomicInteger next) {
        int position = next.getAndIncrement();
        if (position >= leases.size()) {
            return;
        }
        long id = leases.get(position);
        CompletableFuture<?> result = proposer.proposeAsLeader(
                term,
                auth.asRoot(InternalRaftRequest.newBuilder()
                        .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(id))));
        CompletionStage<?> unused = result.whenComplete((ignored, failure) -> {
            revoked(id, failure);
            revokeNext(term, leases, next);
        });
    }

    private void revoked(long id, @Nullable Throwable failure) {
        if (failure == null) {
            expired.increment();
        } else {
            log.debug("revoking lease {} failed, will retry: {}", Long.toHexString(id), failure.toString());
        }
    }

    /**
     * Puts remaining times into the log, if this member still leads in the term; never blocks. What is lost here is offered
     * again when the next checkpoint is due.
     */
    public void checkpoint(long term, List<LeaseCheckpoint> checkpoints) {
        LeaseCheckpointRequest.Builder request = LeaseCheckpointRequest.newBuilder();
        for (LeaseCheckpoint checkpoint : checkpoints) {
            request.addCheckpointsBuilder().setID(checkpoint.id()).setRemainingTTL(checkpoint.remainingTtl());
        }
        CompletionStage<?> unused = leadership
                .ensure()
                .thenCompose(isLeader -> isLeader
                        ? proposer.proposeAsLeader(
                                term, InternalRaftRequest.newBuilder().setLeaseCheckpoint(request))
                        : CompletableFuture.completedStage(null))
                .whenComplete((ignored, failure) -> {
                    if (failure != null) {
                        log.debug("a checkpoint of {} leases failed: {}", checkpoints.size(), failure.toString());
                    }
                });
    }

    /** Leases that expired and are revoked. */
    public long expiredCount() {
        return expired.sum();
    }

    /** Registers what is counted here. */
    public void register(Meters meters) {
        meters.counter("etcd_debugging_server_lease_expired_total", "Leases that ran out.", expired::sum);
    }
}
