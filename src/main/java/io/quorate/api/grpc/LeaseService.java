package io.quorate.api.grpc;

import com.google.protobuf.Message;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quorate.alarm.SpaceQuota;
import io.quorate.apply.Headers;
import io.quorate.apply.Permissions;
import io.quorate.auth.AuthRules;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.lease.LeaseException.LeaseNotFoundException;
import io.quorate.lease.LeaseManager;
import io.quorate.proposal.IdGenerator;
import io.quorate.proposal.LeaseForwarder;
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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import lombok.RequiredArgsConstructor;

/**
 * etcd's Lease service. Grant and revoke go through Raft; keeping alive and asking for the remaining time are answered by
 * the leader from memory.
 */
@RequiredArgsConstructor
public final class LeaseService extends LeaseGrpc.LeaseImplBase {

    private final Access access;
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
        propose(InternalRaftRequest.newBuilder().setLeaseGrant(named), call);
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
        propose(InternalRaftRequest.newBuilder().setLeaseRevoke(request), call);
    }

    private void propose(InternalRaftRequest.Builder request, StreamObserver<? extends Message> call) {
        access.user(call, () -> access.propose(request, call));
    }

    @Override
    public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(StreamObserver<LeaseKeepAliveResponse> responses) {
        KeepAliveCall call = new KeepAliveCall(
                (ServerCallStreamObserver<LeaseKeepAliveResponse>) responses, renewal(Caller.current()), this::header);
        call.start();
        return call;
    }

    /** A caller that keeps a lease alive must be able to write all its keys. */
    private LongFunction<CompletionStage<Long>> renewal(Caller caller) {
        return id -> access.identity(caller).thenCompose(identity -> {
            Permissions permissions = access.permissions(identity);
            permissions.rules().requireUser(identity);
            permissions.checkLease(id);
            return leaseForwarder.renew(id);
        });
    }

    /** A caller that asks for the keys of a lease must be able to read all of them. */
    @Override
    public void leaseTimeToLive(LeaseTimeToLiveRequest request, StreamObserver<LeaseTimeToLiveResponse> call) {
        access.identify(call, identity -> {
            Permissions permissions = access.permissions(identity);
            permissions.rules().requireUser(identity);
            if (request.getKeys()) {
                permissions.checkLeaseKeys(request.getID());
            }
            Answers.send(
                    leaseForwarder
                            .timeToLive(request.getID(), request.getKeys())
                            .exceptionallyCompose(failure -> unknown(request.getID(), failure))
                            .thenApply(found -> answer(found, request.getKeys(), permissions.rules())),
                    call);
        });
    }

    private LeaseTimeToLiveResponse answer(LeaseTimeToLiveResponse found, boolean withKeys, AuthRules asked) {
        AuthRules now = access.rules();
        if (withKeys && now.isEnabled() && now.revision() != asked.revision()) {
            throw new RequestException(RequestError.AUTH_REVISION_OLD);
        }
        return found.toBuilder().setHeader(header()).build();
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
        access.identify(
                call,
                identity -> Answers.compute(
                        () -> {
                            List<Long> all = leases.leases();
                            return access.read(identity, permissions -> checkAll(permissions, all), () -> list(all));
                        },
                        call));
    }

    /** The list of leases is for callers that may read all their keys. */
    private static void checkAll(Permissions permissions, List<Long> all) {
        permissions.rules().requireUser(permissions.identity());
        all.forEach(permissions::checkLeaseKeys);
    }

    private LeaseLeasesResponse list(List<Long> all) {
        LeaseLeasesResponse.Builder response = LeaseLeasesResponse.newBuilder().setHeader(header());
        all.forEach(id -> response.addLeasesBuilder().setID(id));
        return response.build();
    }

    private ResponseHeader header() {
        return headers.of(revision.getAsLong(), appliedTerm.getAsLong());
    }
}
