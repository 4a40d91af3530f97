package io.quorate.sim.core;

import io.quorate.linearizability.Command;
import io.quorate.linearizability.History;
import io.quorate.raft.ConfState;
import io.quorate.sim.world.Clients;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Clients of bare cores, each time at any member that is up. */
final class CoreClients {

    private static final long PATIENCE_MICROS = 1_500_000;

    private final CoreWorld world;
    private final List<CoreMember> members;
    private final Clients clients;
    private long requests;

    CoreClients(CoreWorld world, List<CoreMember> members, History history) {
        this.world = world;
        this.members = members;
        this.clients = new Clients(world.timeline(), world.random(), history, PATIENCE_MICROS);
    }

    void begin() {
        clients.begin(this::serve);
    }

    void end() {
        clients.end();
    }

    private void serve(Clients.ClientOperation turn) {
        List<CoreMember> up = members.stream().filter(CoreMember::isUp).toList();
        if (up.isEmpty()) {
            return;
        }
        CoreMember member = up.get(world.random().nextInt(up.size()));
        Command command = turn.begin();
        if (command instanceof Command.Read read) {
            member.read(++requests, read, turn::answered);
        } else {
            member.propose(world.register().add(command), turn::answered, turn::refused);
        }
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
