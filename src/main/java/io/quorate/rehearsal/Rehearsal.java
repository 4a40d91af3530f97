package io.quorate.rehearsal;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.quorate.proto.ClusterGrpc;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseGrpc;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.MaintenanceGrpc;
import io.quorate.proto.Member;
import io.quorate.proto.MemberListRequest;
import io.quorate.proto.MoveLeaderRequest;
import io.quorate.proto.StatusRequest;
import io.quorate.proto.StatusResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;

/**
 * Has one member of a cluster answer what clients ask for, while it leads and while it follows. The cluster keeps what is written; it is
 * one to throw away.
 */
@RequiredArgsConstructor
public final class Rehearsal {

    private static final long CALL_SECONDS = 30;

    private final URI endpoint;
    private final List<URI> others;
    private final int rounds;

    /**
     * Runs all calls.
     *
     * @return what was done, in words
     * @throws IOException if the member does not answer, or refuses a call
     * @throws InterruptedException if the thread is interrupted
     */
    public String run() throws IOException, InterruptedException {
        int parts = 0;
        ManagedChannel member = channel(endpoint);
        try {
            for (boolean leads : others.isEmpty() ? List.of(true) : List.of(true, false)) {
                if (!others.isEmpty()) {
                    settle(member, leads);
                }
                rehearse(member);
                parts++;
            }
        } catch (StatusRuntimeException refused) {
            throw new IOException(refused.getMessage(), refused);
        } finally {
            member.shutdownNow().awaitTermination(CALL_SECONDS, TimeUnit.SECONDS);
        }
        return rounds + " rounds of calls, " + parts + " times";
    }

    private void rehearse(ManagedChannel member) throws IOException, InterruptedException {
        KeyCalls keys = new KeyCalls(member);
        PlainCalls plain = new PlainCalls(endpoint);
        LeaseGrpc.LeaseBlockingStub leases = LeaseGrpc.newBlockingStub(member);
        try (WatchCalls watches = new WatchCalls(member);
                KeepAliveCalls keepAlives = new KeepAliveCalls(member)) {
            for (int round = 0; round < rounds; round++) {
                long lease = round % 10 == 0
                        ? leases.leaseGrant(LeaseGrantRequest.newBuilder()
                                        .setTTL(60)
                                        .build())
                                .getID()
                        : 0;
                keys.round(round, lease);
                watches.round(round);
                plain.round(round);
                if (lease != 0) {
                    keepAlives.renew(lease);
                    leases.leaseRevoke(
                            LeaseRevokeRequest.newBuilder().setID(lease).build());
                }
            }
        }
    }

    /** Makes the member lead, or another one. */
    private void settle(ManagedChannel member, boolean leads) throws InterruptedException {
        StatusResponse status = status(member);
        long id = status.getHeader().getMemberId();
        if ((status.getLeader() == id) == leads) {
            return;
        }
        long target = leads
                ? id
                : ClusterGrpc.newBlockingStub(member)
                        .memberList(MemberListRequest.getDefaultInstance())
                        .getMembersList()
                        .stream()
                        .mapToLong(Member::getID)
                        .filter(other -> other != id)
                        .findFirst()
                        .orElseThrow();
        ManagedChannel leader = leads ? leaderAmongOthers() : member;
        try {
            MaintenanceGrpc.newBlockingStub(leader)
                    .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                    .moveLeader(
                            MoveLeaderRequest.newBuilder().setTargetID(target).build());
        } finally {
            if (leads) {
                leader.shutdownNow();
            }
        }
    }

    private ManagedChannel leaderAmongOthers() {
        for (URI other : others) {
            ManagedChannel channel = channel(other);
            StatusResponse status = status(channel);
            if (status.getLeader() == status.getHeader().getMemberId()) {
                return channel;
            }
            channel.shutdownNow();
        }
        throw new IllegalStateException("no member leads");
    }

    private static StatusResponse status(ManagedChannel channel) {
        return MaintenanceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                .status(StatusRequest.getDefaultInstance());
    }

    private static ManagedChannel channel(URI endpoint) {
        return NettyChannelBuilder.forAddress(endpoint.getHost(), endpoint.getPort())
                .usePlaintext()
                .build();
    }
}
