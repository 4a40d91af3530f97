package io.quorate.sim.member;

import com.google.protobuf.Message;
import io.quorate.auth.AuthStore;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.linearizability.Answer;
import io.quorate.linearizability.Command;
import io.quorate.linearizability.History;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.sim.world.Clients;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Clients of whole members, each time at any member that is up; some grant leases with a key each, or compact.
 */
final class MemberClients {

    private static final long PATIENCE_MICROS = 4_000_000;
    private static final long LEASE_SECONDS = 3;
    private static final long REVISIONS_KEPT = 30;

    /** After these nothing was appended, so nothing will happen. */
    private static final Set<RequestError> REFUSALS = Set.of(RequestError.NO_LEADER, RequestError.TOO_MANY_REQUESTS);

    /** Neither after these, which say that somebody may not, or that rights have changed meanwhile. */
    static final Set<RequestError> FORBIDDEN =
            Set.of(RequestError.PERMISSION_DENIED, RequestError.USER_NAME_EMPTY, RequestError.AUTH_REVISION_OLD);

    private final SimulatedMember.World world;
    private final Clients clients;
    private long leases;

    MemberClients(SimulatedMember.World world, History history) {
        this.world = world;
        this.clients = new Clients(world.timeline(), world.random(), history, PATIENCE_MICROS);
    }

    void begin() {
        clients.begin(this::serve);
    }

    void end() {
        clients.end();
    }

    private void serve(Clients.ClientOperation turn) {
        List<SimulatedMember> members = world.cluster().all();
        MemberParts parts = members.get(world.random().nextInt(members.size())).parts();
        if (parts == null || !parts.servesClients()) {
            return;
        }
        switch (world.random().nextInt(24)) {
            case 0 -> grantWithKey(parts);
            case 1 -> compact(parts);
            default -> send(turn, parts);
        }
    }

    private void send(Clients.ClientOperation turn, MemberParts parts) {
        Command command = turn.begin();
        CompletableFuture<Answer> answer = command instanceof Command.Read read
                ? world.checks().read(parts).thenApply(ready -> Requests.read(parts.state.store(), read))
                : parts.proposer
                        .propose(Users.signed(parts, Users.CLIENT, Requests.of(command)))
                        .thenApply(response -> Requests.answer(command, response));
        CompletableFuture<Answer> unused = answer.whenComplete((result, failure) -> {
            if (result != null) {
                turn.answered(result);
            } else {
                failed(turn, command, failure);
            }
        });
    }

    private void failed(Clients.ClientOperation turn, Command command, @Nullable Throwable failure) {
        Throwable reason = failure != null && failure.getCause() != null ? failure.getCause() : failure;
        if (!(reason instanceof RequestException refused)) {
            world.checks().failed(new AssertionError(command + " failed: " + failure, failure));
        } else if (REFUSALS.contains(refused.error()) || FORBIDDEN.contains(refused.error())) {
            turn.refused();
        } else {
            turn.unknown();
        }
    }

    /** A lease that nobody keeps alive, and a key that must go with it. */
    private void grantWithKey(MemberParts parts) {
        long lease = 1_000 + ++leases;
        CompletableFuture<Message> granted = parts.proposer.propose(InternalRaftRequest.newBuilder()
                .setLeaseGrant(LeaseGrantRequest.newBuilder().setID(lease).setTTL(LEASE_SECONDS)));
        CompletableFuture<?> unused = granted.thenCompose(ignored -> parts.proposer.propose(Users.signed(
                parts,
                AuthStore.ROOT,
                InternalRaftRequest.newBuilder()
                        .setPut(Requests.put("lease-" + lease, lease).setLease(lease)))));
    }

    private static void compact(MemberParts parts) {
        long revision = parts.state.store().currentRevision() - REVISIONS_KEPT;
        if (revision > parts.state.store().compactedRevision()) {
            CompletableFuture<?> unused = parts.proposer.propose(InternalRaftRequest.newBuilder()
                    .setCompaction(CompactionRequest.newBuilder().setRevision(revision)));
        }
    }
}
