package io.quorate.apply;

import io.quorate.alarm.SpaceQuota;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.mvcc.WriteBatch;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.raft.Entry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Notices that the store outgrew its quota. Other members may have room, so the request is executed all the same, or they
 * would no longer agree; but its caller hears of the lack of space, once the alarm that refuses the next one is raised.
 */
record QuotaApplier(SpaceQuota quota, Supplier<CompletionStage<Void>> raiseNoSpace, Applier next) implements Applier {

    @Override
    public Outcome apply(InternalRaftRequest request, WriteBatch batch, Entry entry) {
        boolean admitted = quota.admits(cost(request));
        Outcome outcome = next.apply(request, batch, entry);
        return admitted || outcome instanceof Outcome.Refused ? outcome : overdrawn(raiseNoSpace.get());
    }

    private static Outcome overdrawn(CompletionStage<Void> raised) {
        return new Outcome.Later(() -> raised.thenCompose(
                ignored -> CompletableFuture.failedStage(new RequestException(RequestError.NO_SPACE))));
    }

    /** The room that a request takes; 0 for one that never needs any. */
    static long cost(InternalRaftRequest request) {
        if (request.hasPut()) {
            return SpaceQuota.cost(request.getPut());
        }
        if (request.hasTxn()) {
            return SpaceQuota.cost(request.getTxn());
        }
        if (request.hasFollow()) {
            return request.getFollow().hasLoad() || request.getFollow().hasRecords()
                    ? request.getFollow().getSerializedSize()
                    : 0;
        }
        return request.hasLeaseGrant() ? SpaceQuota.LEASE_BYTES : 0;
    }
}
