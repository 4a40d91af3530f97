package io.quorate.sim.core;

import io.quorate.linearizability.History;
import io.quorate.linearizability.Store;
import io.quorate.raft.ConfState;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.RaftConfig;
import io.quorate.raft.Role;
import io.quorate.raft.Status;
import io.quorate.sim.world.Brief;
import io.quorate.sim.world.Clients;
import io.quorate.sim.world.Figures;
import io.quorate.sim.world.Network;
import io.quorate.sim.world.Timeline;
import io.quorate.sim.world.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * One run: a cluster of one to seven members with clients, a storm in which everything goes wrong, a calm in which it must
 * recover, a verdict over what the clients saw. Everything follows from the seed.
 */
public final class CoreSimulation {

    private static final int MEMBERS_MAX = 7;
    private static final long STORM_MICROS = 40_000_000;

    /** Within so many ticks after everything is healed all members must have caught up: thirty election timeouts. */
    static final int LIVENESS_TICKS = 300;

    private static final int REMOVED_LEADER_TICKS = 50;

    private final Random random;
    private final Timeline timeline = new Timeline();
    private final Trace trace = new Trace(timeline);
    private final Network network;
    private final CoreWorld world;
    private final List<CoreMember> members = new ArrayList<>();
    private final History history = new History();
    private final CoreClients clients;
    private final Troubles troubles;
    private int leadersSeen;

    /**
     * @param invariants what to check; new ones for each run, as they remember what they saw
     */
    public CoreSimulation(long seed, List<Invariant> invariants, Plant plant) {
        random = new Random(seed);
        network = new Network(timeline, random, trace, this::arrived);
        List<Invariant> all = new ArrayList<>(invariants);
        all.add(new LeaderCount());
        world = new CoreWorld(timeline, random, trace, all, network);
        found(plant);
        clients = new CoreClients(world, members, history);
        troubles = new Troubles(world, members);
    }

    private final class LeaderCount implements Invariant {

        private long newestTerm;

        @Override
        public void stepped(MemberView member) {
            Status status = member.status();
            if (status.role() == Role.LEADER && status.term() > newestTerm) {
                newestTerm = status.term();
                leadersSeen++;
            }
        }
    }

    private void found(Plant plant) {
        int founders = 1 + random.nextInt(5);
        int count = Math.min(MEMBERS_MAX, founders + random.nextInt(4));
        RaftConfig.RaftConfigBuilder settings = RaftConfig.builder()
                .electionTicks(10)
                .heartbeatTicks(1 + random.nextInt(2))
                .asyncStorageWrites(random.nextInt(8) > 0)
                .preVote(random.nextInt(4) > 0)
                .checkQuorum(random.nextInt(4) > 0)
                .maxSizePerMsg(random.nextBoolean() ? 150 : 4_000)
                .maxCommittedSizePerReady(random.nextBoolean() ? 300 : 4_000)
                .maxUncommittedSize(4_000)
                .maxInflightMsgs(1 + random.nextInt(8))
                .maxInflightBytes(random.nextBoolean() ? 0 : 500)
                .stepDownOnRemoval(random.nextBoolean())
                .random(random::nextInt);
        plant.configure(settings);
        ConfState voters =
                ConfState.ofVoters(LongStream.rangeClosed(1, founders).boxed().toList());
        trace.note("%d founders, %d members", founders, count);
        for (long id = 1; id <= count; id++) {
            boolean founder = id <= founders;
            StateMachine.State state = new StateMachine.State(
                    founder ? 1 : 0, founder ? 1 : 0, founder ? voters : ConfState.EMPTY, Store.EMPTY, 0);
            members.add(new CoreMember(settings.id(id).build(), state, world, plant));
        }
        world.check(invariant -> invariant.founded(members));
    }

    private void arrived(Message message, boolean whole) {
        CoreMember receiver = member(message.to());
        CoreMember sender = member(message.from());
        boolean delivered = whole && receiver.isUp();
        if (delivered) {
            trace.note("%s", new Brief(message));
            receiver.receive(message);
        }
        if (!sender.isUp()) {
            return;
        }
        if (message.type() == MessageType.SNAP) {
            sender.report(message, delivered);
        } else if (!delivered && random.nextInt(10) == 0) {
            sender.post(node -> node.reportUnreachable(message.to()));
        }
    }

    private CoreMember member(long id) {
        return members.get((int) id - 1);
    }

    /** Storm, calm, verdict. */
    public void run() {
        network.setWeather(Network.Weather.random(random));
        world.setDisks(CoreWorld.Disks.random(random));
        clients.begin();
        troubles.begin();
        timeline.pass(STORM_MICROS);
        troubles.end();
        calm();
        clients.end();
        timeline.pass(CoreWorld.TICK_MICROS);
        history.assertLinearizable();
    }

    private void calm() {
        trace.note("calm");
        network.heal();
        network.setWeather(Network.Weather.FAIR);
        world.setDisks(CoreWorld.Disks.GOOD);
        for (CoreMember member : members) {
            member.process().resume();
            // A member whose clock runs twice as fast as another's may keep it from ever campaigning.
            member.setTickMicros(CoreWorld.TICK_MICROS);
            if (!member.isUp()) {
                member.restart();
            }
        }
        long calledAt = clients.appliedByAll();
        for (int tick = 0; tick < LIVENESS_TICKS; tick++) {
            timeline.pass(CoreWorld.TICK_MICROS);
            if (tick == REMOVED_LEADER_TICKS) {
                members.forEach(CoreSimulation::stopIfRemoved);
            }
            if (isSettled() && clients.appliedByAll() > calledAt) {
                return;
            }
        }
        throw new AssertionError("liveness: no common progress within " + LIVENESS_TICKS
                + " ticks after everything was healed: "
                + members.stream().map(CoreMember::status).toList());
    }

    /**
     * A leader that was removed goes on without serving, so that the others learn of their commits (thesis, section
     * 4.2.2), until its application stops it.
     */
    private static void stopIfRemoved(CoreMember member) {
        Status status = member.status();
        boolean removed = CoreClients.membersOf(status.confState()).noneMatch(id -> id == member.id());
        if (member.isUp() && removed && status.role() == Role.LEADER) {
            member.crash();
        }
    }

    /** A leader whose members have all applied what it had committed. */
    private boolean isSettled() {
        return members.stream()
                .filter(CoreMember::isUp)
                .map(CoreMember::status)
                .filter(status -> status.role() == Role.LEADER)
                .anyMatch(leader -> CoreClients.membersOf(leader.confState())
                        .allMatch(id -> member(id).appliedIndex() >= leader.commit() - Clients.COUNT));
    }

    public Trace trace() {
        return trace;
    }

    /** What happened so far. */
    public Figures figures() {
        return new Figures(timeline.nowMicros() / 1e6, history.answered(), leadersSeen, troubles.seen());
    }
}
