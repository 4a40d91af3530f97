package io.quorate.sim.member;

import com.google.protobuf.Message;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.linearizability.Answer;
import io.quorate.linearizability.Command;
import io.quorate.linearizability.History;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.LeaseGrantRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Clients of whole members: put, compare-and-swap, transactions, linearizable reads, leases with a key each, compaction.
 * Each does one thing after the other, at any member that is up.
 */
final class MemberClients {

    private static final int CLIENTS = 4;
    private static final long PAUSE_MICROS = 60_000;
    private static final long PATIENCE_MICROS = 4_000_000;
    private static final long KEY_LIFE_MICROS = 4_000_000;
    private static final long LEASE_SECONDS = 3;
    private static final long REVISIONS_KEPT = 30;

    /** After these nothing was appended, so nothing will happen. */
    private static final Set<RequestError> REFUSALS = Set.of(RequestError.NO_LEADER, RequestError.TOO_MANY_REQUESTS);

    private final SimulatedMember.World world;
    private final List<SimulatedMember> members;
    private final History history;
    private long values;
    private long leases;
    private boolean ended;

    MemberClients(SimulatedMember.World world, List<SimulatedMember> members, History history) {
        this.world = world;
        this.members = members;
        this.history = history;
    }

    void begin() {
        for (int client = 0; client < CLIENTS; client++) {
            later(client);
        }
    }

    void end() {
        ended = true;
    }

    private void later(int client) {
        world.timeline().after(1 + world.random().nextLong(2 * PAUSE_MICROS), () -> ask(client));
    }

    private void ask(int client) {
        SimulatedMember member = members.get(world.random().nextInt(members.size()));
        MemberParts parts = member.parts();
        if (ended) {
            return;
        }
        if (parts == null) {
            later(client);
            return;
        }
        switch (world.random().nextInt(24)) {
            case 0 -> {
                grantWithKey(parts);
                later(client);
            }
            case 1 -> {
                compact(parts);
                later(client);
            }
            default -> new Asked(client, history.call(client, randomCommand())).send(parts);
        }
    }

    /** An operation under way; the first of its ends counts. */
    private final class Asked {

        private final int client;
        private final History.Call call;
        private boolean over;

        Asked(int client, History.Call call) {
            this.client = client;
            this.call = call;
        }

        void send(MemberParts parts) {
            Command command = call.command();
            CompletableFuture<Answer> answer = command instanceof Command.Read read
                    ? parts.reader.awaitLinearizable().thenApply(ready -> Requests.read(parts.store, read))
                    : parts.proposer
                            .propose(Requests.of(command))
                            .thenApply(response -> Requests.answer(command, response));
            CompletableFuture<Answer> unused = answer.whenComplete(this::ended);
            world.timeline().after(PATIENCE_MICROS, () -> end(null));
        }

        private void ended(@Nullable Answer answer, @Nullable Throwable failure) {
            if (answer != null) {
                end(() -> call.returned(answer));
            } else if (reason(failure) instanceof RequestException refused) {
                end(REFUSALS.contains(refused.error()) ? call::failed : null);
            } else {
                world.checks().failed(new AssertionError(call.command() + " failed: " + failure, failure));
            }
        }

        private static @Nullable Throwable reason(@Nullable Throwable failure) {
            return failure != null && failure.getCause() != null ? failure.getCause() : failure;
        }

        private void end(@Nullable Runnable outcome) {
            if (!over) {
                over = true;
                if (outcome != null) {
                    outcome.run();
                }
                later(client);
            }
        }
    }

    private Command randomCommand() {
        RandomGenerator random = world.random();
        String key = "k" + world.timeline().nowMicros() / KEY_LIFE_MICROS + "-" + random.nextInt(3);
        String twin = key + "'";
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> new Command.Read(random.nextInt(4) == 0 ? twin : key);
            case 3, 4 -> new Command.Put(key, ++values);
            case 5, 6 -> new Command.CompareAndSwap(key, random.nextLong(values + 1), ++values);
            default -> new Command.Txn(Map.of(key, 0L), Map.of(key, ++values, twin, values));
        };
    }

    /** A lease that nobody keeps alive, and a key that must go with it. */
    private void grantWithKey(MemberParts parts) {
        long lease = 1_000 + ++leases;
        CompletableFuture<Message> granted = parts.proposer.propose(InternalRaftRequest.newBuilder()
                .setLeaseGrant(LeaseGrantRequest.newBuilder().setID(lease).setTTL(LEASE_SECONDS)));
        CompletableFuture<?> unused =
                granted.thenCompose(ignored -> parts.proposer.propose(InternalRaftRequest.newBuilder()
                        .setPut(Requests.put("lease-" + lease, lease).setLease(lease))));
    }

    private static void compact(MemberParts parts) {
        long revision = parts.store.currentRevision() - REVISIONS_KEPT;
        if (revision > parts.store.compactedRevision()) {
            CompletableFuture<?> unused = parts.proposer.propose(InternalRaftRequest.newBuilder()
                    .setCompaction(CompactionRequest.newBuilder().setRevision(revision)));
        }
    }
}
