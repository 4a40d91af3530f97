package io.quorate.api.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quorate.alarm.SpaceQuota;
import io.quorate.apply.Headers;
import io.quorate.base.Stages;
import io.quorate.lease.LeaseManager;
import io.quorate.lease.LeaseNotFoundException;
import io.quorate.proposal.IdGenerator;
import io.quorate.proposal.LeaseForwarder;
import io.quorate.proposal.Proposer;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseGrantResponse;
import io.quorate.proto.LeaseGrpc;
import io.quorate.proto.LeaseKeepAliveRequest;
import io.quorate.proto.LeaseKeepAliveResponse;
import io.quorate.proto.LeaseLeasesRequest;
import io.quorate.proto.LeaseLeasesResponse;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.LeaseRevokeResponse;
import io.quorate.proto.LeaseTimeToLiveRequest;
import io.quorate.proto.LeaseTimeToLiveResponse;
import io.quorate.proto.ResponseHeader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import lombok.RequiredArgsConstructor;

/**
 * etcd's Lease service. Grant and revoke go through Raft; keeping alive and asking for the remaining time are answered by
 * the leader from memory.
 */
@RequiredArgsConstructor
public final class LeaseService extends LeaseGrpc.LeaseImplBase {

    private final Proposer proposer;
    private final LeaseManager leases;
    private final LeaseForwarder leaseForwarder;
    private final IdGenerator ids;
    private final Headers headers;
    private final SpaceGate space;
    private final LongSupplier revision;
    private final LongSupplier appliedTerm;

    @Override
    public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> call) {
        if (!space.admits(SpaceQuota.LEASE_BYTES)) {
            space.refuse(call);
            return;
        }
        long id = request.getID();
        LeaseGrantRequest named =
                id != 0 ? request : request.toBuilder().setID(unusedId()).build();
        Answers.send(proposer.propose(InternalRaftRequest.newBuilder().setLeaseGrant(named)), call);
    }

    private long unusedId() {
        long id = ids.nextPositive();
        while (leases.lookup(id) != null) {
            id = ids.nextPositive();
        }
        return id;
    }

    @Override
    public void leaseRevoke(LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> call) {
        Answers.send(proposer.propose(InternalRaftRequest.newBuilder().setLeaseRevoke(request)), call);
    }

    @Override
    public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(StreamObserver<LeaseKeepAliveResponse> responses) {
        KeepAliveCall call = new KeepAliveCall(
                (ServerCallStreamObserver<LeaseKeepAliveResponse>) responses, leaseForwarder::renew, this::header);
        call.start();
        return call;
    }

    @Override
    public void leaseTimeToLive(LeaseTimeToLiveRequest request, StreamObserver<LeaseTimeToLiveResponse> call) {
        Answers.send(
                leaseForwarder
                        .timeToLive(request.getID(), request.getKeys())
                        .exceptionallyCompose(failure -> unknown(request.getID(), failure))
                        .thenApply(
                                found -> found.toBuilder().setHeader(header()).build()),
                call);
    }

    /** A lease that does not exist is not an error on the wire, but a time of -1. */
    private static CompletionStage<LeaseTimeToLiveResponse> unknown(long id, Throwable failure) {
        return Stages.causeOf(failure) instanceof LeaseNotFoundException
                ? CompletableFuture.completedStage(LeaseTimeToLiveResponse.newBuilder()
                        .setID(id)
                        .setTTL(-1)
                        .build())
                : CompletableFuture.failedStage(failure);
    }

    @Override
    public void leaseLeases(LeaseLeasesRequest request, StreamObserver<LeaseLeasesResponse> call) {
        Answers.compute(
                () -> {
                    LeaseLeasesResponse.Builder response =
                            LeaseLeasesResponse.newBuilder().setHeader(header());
                    leases.leases().forEach(id -> response.addLeasesBuilder().setID(id));
                    return response.build();
                },
                call);
    }

    private ResponseHeader header() {
        return headers.of(revision.getAsLong(), appliedTerm.getAsLong());
    }
}
