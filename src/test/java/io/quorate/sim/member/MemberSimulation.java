package io.quorate.sim.member;

import io.quorate.base.KeyRange;
import io.quorate.linearizability.History;
import io.quorate.mvcc.HashKv;
import io.quorate.mvcc.RangeQuery;
import io.quorate.raft.Message;
import io.quorate.server.Snapshots;
import io.quorate.sim.world.Figures;
import io.quorate.sim.world.Network;
import io.quorate.sim.world.Timeline;
import io.quorate.sim.world.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * One run of a cluster of whole members, founded by one, three or five, that others join and leave; everything follows from
 * the seed.
 */
public final class MemberSimulation implements AutoCloseable {

    private static final long STORM_MICROS = 25_000_000;
    private static final long TICK_MICROS = MemberParts.HEARTBEAT.toNanos() / 1_000;

    /** Within so many ticks after everything is healed all members must be equal, and the leases gone. */
    private static final int LIVENESS_TICKS = 300;

    private static final long NEVER = Long.MAX_VALUE / 2;
    private static final long FEW_BYTES = 4_000;

    private final Random random;
    private final Timeline timeline = new Timeline();
    private final Trace trace = new Trace(timeline);
    private final History history = new History();
    private final ClusterChecks checks = new ClusterChecks();
    private final Cluster cluster;
    private final Network network;
    private final SimulatedMember.World world;
    private final Operator operator;
    private final MemberClients clients;
    private final MemberTroubles troubles;
    private final Mishaps mishaps;
    private final Users users;

    /**
     * @param directory where the databases are; empty
     */
    public MemberSimulation(long seed, Path directory) {
        random = new Random(seed);
        mishaps = new Mishaps(seed, timeline);
        network = new Network(timeline, random, trace, this::arrived);
        cluster = new Cluster(directory);
        world = new SimulatedMember.World(
                timeline,
                random,
                trace,
                network,
                checks,
                new TreeMap<>(),
                cluster,
                randomIntervals(),
                random.nextInt(3) == 0 ? FEW_BYTES : Long.MAX_VALUE,
                mishaps);
        cluster.found(world, 1 + 2 * random.nextInt(3));
        operator = new Operator(world);
        clients = new MemberClients(world, history);
        troubles = new MemberTroubles(world, operator);
        users = new Users(seed, world);
    }

    /** Seldom or often, and with much or little of the log kept for those who lag behind. */
    private Snapshots.Intervals randomIntervals() {
        long count = random.nextInt(4) == 0 ? NEVER : 20 + random.nextInt(60);
        return new Snapshots.Intervals(
                count, 1 + random.nextInt(40), 1 << 20, random.nextBoolean() ? 10 : NEVER, Duration.ZERO);
    }

    private void arrived(Message message, boolean whole) {
        cluster.arrived(world, message, whole);
    }

    /** Storm, calm, verdict. */
    public void run() {
        clients.begin();
        users.begin();
        if (random.nextBoolean()) {
            timeline.pass(20 * TICK_MICROS);
        }
        network.setWeather(Network.Weather.random(random));
        troubles.begin();
        mishaps.begin(cluster);
        timeline.pass(STORM_MICROS);
        troubles.end();
        mishaps.end();
        clients.end();
        users.end();
        calm();
        history.assertLinearizable();
    }

    private void calm() {
        trace.note("calm");
        network.heal();
        network.setWeather(Network.Weather.FAIR);
        for (SimulatedMember member : cluster.all()) {
            member.process().resume();
            member.runClock(100);
            member.start();
        }
        String difference = "";
        for (int tick = 0; tick < LIVENESS_TICKS; tick++) {
            timeline.pass(TICK_MICROS);
            operator.startNewcomers();
            cluster.all().forEach(SimulatedMember::start);
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
        List<SimulatedMember> current = cluster.current();
        for (SimulatedMember member : cluster.all()) {
            if (!current.contains(member) && !member.isGone()) {
                return "member " + member.id() + " does not belong to the cluster and does not leave";
            }
        }
        Set<Long> revisions = new HashSet<>();
        Set<Object> applied = new HashSet<>();
        boolean hasLeader = false;
        for (SimulatedMember member : current) {
            MemberParts parts = member.parts();
            if (parts == null) {
                return "member " + member.id() + " is down";
            }
            hasLeader |= parts.isLeader();
            revisions.add(parts.state.store().currentRevision());
            applied.add(List.of(parts.progress.appliedIndex(), parts.progress.confState()));
            String unfinished = unfinished(member, parts);
            if (!unfinished.isEmpty()) {
                return unfinished;
            }
        }
        if (!hasLeader) {
            return "there is no leader";
        }
        return revisions.size() == 1 && applied.size() == 1 ? "" : "revisions " + revisions + ", applied " + applied;
    }

    private static String unfinished(SimulatedMember member, MemberParts parts) {
        if (!parts.state.leases().leases().isEmpty()) {
            return "leases of member " + member.id() + " are still there: "
                    + parts.state.leases().leases();
        }
        long revision = parts.state.store().currentRevision();
        long watched = member.watching().lastRevision();
        return watched == revision
                ? ""
                : "the watcher at member " + member.id() + " is at revision " + watched + " of " + revision;
    }

    private void compareHashes() {
        Set<Integer> hashes = new HashSet<>();
        Set<List<?>> states = new HashSet<>();
        for (SimulatedMember member : cluster.current()) {
            MemberParts parts = Objects.requireNonNull(member.parts());
            HashKv.Result result = parts.state.store().hashKv(0);
            hashes.add(result.hash());
            var records = parts.state.store().range(RangeQuery.of(KeyRange.ALL)).kvs();
            states.add(List.of(records, Users.stateOf(parts)));
            if (records.stream().anyMatch(each -> each.getKey().toStringUtf8().startsWith(Users.FORBIDDEN))) {
                throw new AssertionError("rights: a key was written by somebody without them");
            }
        }
        if (hashes.size() != 1 || states.size() != 1) {
            throw new AssertionError("members differ: " + hashes + ", " + states);
        }
    }

    public Trace trace() {
        return trace;
    }

    /** States that members got from others, because the log did not go back so far. */
    public int statesReceived() {
        return cluster.statesReceived();
    }

    /** Moments at which a promise, a read or a revocation was looked at. */
    public long looks() {
        return checks.looks();
    }

    /** Changes of users, refused writes, and tokens that another member knew. */
    public List<Long> users() {
        return users.counts();
    }

    /** Members that joined the founders. */
    public long joined() {
        return cluster.all().stream().filter(SimulatedMember::hasJoined).count();
    }

    /** Members that were removed and are gone. */
    public long gone() {
        return cluster.all().stream().filter(SimulatedMember::isGone).count();
    }

    /** What happened so far. */
    public Figures figures() {
        return new Figures(timeline.nowMicros() / 1e6, history.answered(), checks.leadersSeen(), troubles.seen());
    }

    @Override
    public void close() {
        cluster.all().forEach(SimulatedMember::close);
    }
}
