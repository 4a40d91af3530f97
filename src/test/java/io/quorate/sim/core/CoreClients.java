package io.quorate.sim.core;

import io.quorate.linearizability.Answer;
import io.quorate.linearizability.Command;
import io.quorate.linearizability.History;
import io.quorate.raft.ConfState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Clients, each of which does one thing after the other at any member that is up, and gives up on an answer after a while.
 * The keys change with time, so that the history of each stays short enough to be judged.
 */
final class CoreClients {

    static final int CLIENTS = 4;
    private static final long PATIENCE_MICROS = 1_500_000;
    private static final long PAUSE_MICROS = 60_000;
    private static final long KEY_LIFE_MICROS = 5_000_000;

    private final CoreWorld world;
    private final List<CoreMember> members;
    private final History history;
    private long requests;
    private long values;
    private boolean ended;

    CoreClients(CoreWorld world, List<CoreMember> members, History history) {
        this.world = world;
        this.members = members;
        this.history = history;
    }

    void begin() {
        for (int client = 0; client < CLIENTS; client++) {
            int id = client;
            later(id);
        }
    }

    void end() {
        ended = true;
    }

    private void later(int client) {
        world.timeline().after(1 + world.random().nextLong(2 * PAUSE_MICROS), () -> ask(client));
    }

    private void ask(int client) {
        List<CoreMember> up = members.stream().filter(CoreMember::isUp).toList();
        if (ended) {
            return;
        }
        if (up.isEmpty()) {
            later(client);
            return;
        }
        CoreMember member = up.get(world.random().nextInt(up.size()));
        Asked asked = new Asked(client, history.call(client, randomCommand()));
        if (asked.call.command() instanceof Command.Read read) {
            member.read(++requests, read, asked::answered);
        } else {
            member.propose(world.register().add(asked.call.command()), asked::answered, asked::dropped);
        }
        world.timeline().after(PATIENCE_MICROS, asked::givenUp);
    }

    /** An operation under way; the first of its three ends counts. */
    private final class Asked {

        private final int client;
        private final History.Call call;
        private boolean over;

        Asked(int client, History.Call call) {
            this.client = client;
            this.call = call;
        }

        void answered(Answer answer) {
            if (!over) {
                over = true;
                call.returned(answer);
                later(client);
            }
        }

        /** Nobody took it up, so it never happens. */
        void dropped() {
            if (!over) {
                over = true;
                call.failed();
                later(client);
            }
        }

        /** It may still happen. */
        void givenUp() {
            if (!over) {
                over = true;
                later(client);
            }
        }
    }

    private Command randomCommand() {
        RandomGenerator random = world.random();
        String key = random.nextInt(4) == 0 ? twin(key()) : key();
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> new Command.Read(key);
            case 3, 4 -> new Command.Put(key, ++values);
            case 5, 6 -> new Command.CompareAndSwap(key, random.nextLong(values + 1), ++values);
            default -> new Command.Txn(Map.of(key, 0L), Map.of(key, ++values, twin(key), values));
        };
    }

    private String key() {
        long generation = world.timeline().nowMicros() / KEY_LIFE_MICROS;
        return "k" + generation + "-" + world.random().nextInt(3);
    }

    /** A second key that changes together with some changes of the first. */
    private static String twin(String key) {
        return key + "'";
    }

    /** The index that every member of the newest configuration has applied. */
    long appliedByAll() {
        ConfState newest = members.stream()
                .max(Comparator.comparingLong(CoreMember::appliedIndex))
                .orElseThrow()
                .applier()
                .state()
                .confState();
        return membersOf(newest)
                .map(id -> members.get((int) id - 1).appliedIndex())
                .min()
                .orElse(0);
    }

    static LongStream membersOf(ConfState state) {
        return Stream.of(state.voters(), state.votersOutgoing(), state.learners(), state.learnersNext())
                .flatMapToLong(ids -> ids.stream().mapToLong(Long::longValue))
                .distinct();
    }
}
