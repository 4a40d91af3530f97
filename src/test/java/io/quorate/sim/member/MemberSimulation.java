package io.quorate.sim.member;

import io.quorate.base.KeyRange;
import io.quorate.linearizability.History;
import io.quorate.mvcc.HashKv;
import io.quorate.mvcc.RangeQuery;
import io.quorate.raft.Message;
import io.quorate.sim.world.Brief;
import io.quorate.sim.world.Figures;
import io.quorate.sim.world.Network;
import io.quorate.sim.world.Timeline;
import io.quorate.sim.world.Trace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** One run of a cluster of one, three or five whole members; everything follows from the seed. */
public final class MemberSimulation implements AutoCloseable {

    private static final long STORM_MICROS = 25_000_000;
    private static final long TICK_MICROS = MemberParts.HEARTBEAT.toNanos() / 1_000;

    /** Within so many ticks after everything is healed all members must be equal, and the leases gone. */
    private static final int LIVENESS_TICKS = 300;

    private static final long SNAPSHOT_COUNT_ALONE = 40;

    private final Random random;
    private final Timeline timeline = new Timeline();
    private final Trace trace = new Trace(timeline);
    private final History history = new History();
    private final ClusterChecks checks = new ClusterChecks();
    private final List<SimulatedMember> members = new ArrayList<>();
    private final Network network;
    private final MemberClients clients;
    private final MemberTroubles troubles;

    /**
     * @param directory where the databases are; empty
     */
    public MemberSimulation(long seed, Path directory) {
        random = new Random(seed);
        network = new Network(timeline, random, trace, this::arrived);
        int size = 1 + 2 * random.nextInt(3);
        List<Long> voters = LongStream.rangeClosed(1, size).boxed().toList();
        // A snapshot would have to be sent to a member that lags behind it, which the node does not do yet.
        long snapshotCount = size == 1 ? SNAPSHOT_COUNT_ALONE : Long.MAX_VALUE / 2;
        SimulatedMember.World world = new SimulatedMember.World(
                timeline, random, trace, network, checks, new TreeMap<>(), voters, snapshotCount);
        voters.forEach(id -> members.add(new SimulatedMember(id, directory, world)));
        clients = new MemberClients(world, members, history);
        troubles = new MemberTroubles(world, members);
    }

    private void arrived(Message message, boolean whole) {
        SimulatedMember receiver = members.get((int) message.to() - 1);
        if (whole && receiver.parts() != null) {
            trace.note("%s", new Brief(message));
            receiver.receive(message);
        } else if (random.nextInt(10) == 0) {
            members.get((int) message.from() - 1).unreachable(message.to());
        }
    }

    /** Storm, calm, verdict. */
    public void run() {
        clients.begin();
        if (random.nextBoolean()) {
            timeline.pass(20 * TICK_MICROS);
        }
        network.setWeather(Network.Weather.random(random));
        troubles.begin();
        timeline.pass(STORM_MICROS);
        troubles.end();
        clients.end();
        calm();
        history.assertLinearizable();
    }

    private void calm() {
        trace.note("calm");
        network.heal();
        network.setWeather(Network.Weather.FAIR);
        for (SimulatedMember member : members) {
            member.process().resume();
            member.runClock(100);
            member.start();
        }
        String difference = "";
        for (int tick = 0; tick < LIVENESS_TICKS; tick++) {
            timeline.pass(TICK_MICROS);
            members.forEach(SimulatedMember::start);
            difference = difference();
            if (difference.isEmpty()) {
                compareHashes();
                return;
            }
        }
        throw new AssertionError("liveness: " + LIVENESS_TICKS + " ticks after everything was healed " + difference);
    }

    /** What keeps the cluster from being at rest; empty when it is. */
    private String difference() {
        Set<Long> revisions = new HashSet<>();
        Set<Long> applied = new HashSet<>();
        boolean hasLeader = false;
        for (SimulatedMember member : members) {
            MemberParts parts = member.parts();
            if (parts == null) {
                return "member " + member.id() + " is down";
            }
            hasLeader |= parts.node.status().leader() != 0;
            revisions.add(parts.store.currentRevision());
            applied.add(parts.progress.appliedIndex());
            if (!parts.leases.leases().isEmpty()) {
                return "leases of member " + member.id() + " are still there: " + parts.leases.leases();
            }
            if (member.watching().lastRevision() != parts.store.currentRevision()) {
                return "the watcher at member " + member.id() + " is at revision "
                        + member.watching().lastRevision() + " of " + parts.store.currentRevision();
            }
        }
        if (!hasLeader) {
            return "there is no leader";
        }
        return revisions.size() == 1 && applied.size() == 1 ? "" : "revisions " + revisions + ", applied " + applied;
    }

    private void compareHashes() {
        Set<Integer> hashes = new HashSet<>();
        Set<List<?>> states = new HashSet<>();
        for (SimulatedMember member : members) {
            MemberParts parts = Objects.requireNonNull(member.parts());
            HashKv.Result result = parts.store.hashKv(0);
            hashes.add(result.hash());
            states.add(parts.store.range(RangeQuery.of(KeyRange.ALL)).kvs());
        }
        if (hashes.size() != 1 || states.size() != 1) {
            throw new AssertionError("members differ: " + hashes + ", " + states);
        }
    }

    public Trace trace() {
        return trace;
    }

    /** What happened so far. */
    public Figures figures() {
        return new Figures(timeline.nowMicros() / 1e6, history.answered(), checks.leadersSeen(), troubles.seen());
    }

    @Override
    public void close() {
        members.forEach(SimulatedMember::close);
    }
}
