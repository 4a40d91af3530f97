package io.quorate.integration.fault;

import io.grpc.StatusRuntimeException;
import io.quorate.fixture.GrpcConnection;
import io.quorate.integration.fault.KvCalls.Reply;
import io.quorate.integration.ledger.Attempt;
import io.quorate.integration.ledger.Ledger;
import io.quorate.linearizability.Command;
import io.quorate.linearizability.History;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads and writes the registers of one round, at one member for a while and then at another. No two writes of a run have the same value.
 * Two of the registers are written together in transactions.
 */
final class RegisterClient implements Runnable {

    private static final long LONGEST_PAUSE_NANOS = 30_000_000;
    private static final int OPERATIONS_AT_A_MEMBER = 20;

    /** What all clients of a round share. */
    record Round(int number, Endpoints endpoints, History history, Ledger ledger, AtomicLong values) {

        private String key(String name) {
            return "register/" + number + "/" + name;
        }
    }

    private final Round round;
    private final int client;
    private final Random random;
    private final Map<String, Long> lastSeen = new HashMap<>();
    private GrpcConnection endpoint;
    private volatile boolean stopped;

    RegisterClient(Round round, int client, long seed) {
        this.round = round;
        this.client = client;
        this.random = new Random(seed);
        this.endpoint = round.endpoints().any(random);
    }

    @Override
    public void run() {
        while (!stopped) {
            if (random.nextInt(OPERATIONS_AT_A_MEMBER) == 0) {
                endpoint = round.endpoints().any(random);
            }
            perform(command());
            LockSupport.parkNanos(random.nextLong(LONGEST_PAUSE_NANOS));
        }
    }

    /** Ends after the operation that is under way. */
    void stop() {
        stopped = true;
    }

    private Command command() {
        String alone = round.key(random.nextBoolean() ? "a" : "b");
        String one = round.key("x");
        String other = round.key("y");
        return switch (random.nextInt(8)) {
            case 0, 1 -> new Command.Read(alone);
            case 2 -> new Command.Read(random.nextBoolean() ? one : other);
            case 3, 4 -> new Command.Put(alone, nextValue());
            case 5, 6 -> new Command.CompareAndSwap(alone, expected(alone), nextValue());
            default -> new Command.Txn(Map.of(one, expected(one)), Map.of(one, nextValue(), other, nextValue()));
        };
    }

    private long nextValue() {
        return round.values().incrementAndGet();
    }

    private long expected(String key) {
        return lastSeen.getOrDefault(key, 0L);
    }

    private void perform(Command command) {
        List<String> changes = new TreeMap<>(command.effects())
                .entrySet().stream()
                        .map(put -> Attempt.put(put.getKey(), Long.toString(put.getValue())))
                        .toList();
        Attempt attempt = changes.isEmpty() ? null : round.ledger().add(command.toString(), changes);
        History.Call call = round.history().call(client, command);
        try {
            Reply reply = KvCalls.perform(Endpoints.kv(endpoint), command);
            call.returned(reply.answer());
            lastSeen.putAll(reply.answer().before());
            if (attempt != null && reply.answer().succeeded()) {
                round.ledger().acknowledge(attempt, reply.revision());
                lastSeen.putAll(command.effects());
            } else {
                round.ledger().sawRevision(reply.revision());
                if (attempt != null) {
                    round.ledger().refused(attempt);
                }
            }
        } catch (StatusRuntimeException refusal) {
            endpoint = round.endpoints().any(random);
            if (!Endpoints.isPassing(refusal)) {
                round.ledger().complain(command + ": " + refusal);
            }
        }
    }
}
