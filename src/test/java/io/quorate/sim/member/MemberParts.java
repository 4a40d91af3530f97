package io.quorate.sim.member;

import io.quorate.alarm.Alarms;
import io.quorate.apply.ApplyAll;
import io.quorate.apply.BackendApplier;
import io.quorate.apply.ConfChangeApplier;
import io.quorate.apply.ConsistentIndex;
import io.quorate.apply.Headers;
import io.quorate.apply.KvCounters;
import io.quorate.apply.StoredConfState;
import io.quorate.base.Agent;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Tasks;
import io.quorate.fixture.NoDurations;
import io.quorate.lease.LeaseCheckpoint;
import io.quorate.lease.LeaseDuties;
import io.quorate.lease.LeaseManager;
import io.quorate.lease.LeaseSettings;
import io.quorate.membership.Member;
import io.quorate.membership.MemberJson;
import io.quorate.membership.Membership;
import io.quorate.mvcc.MvccOptions;
import io.quorate.mvcc.MvccStore;
import io.quorate.node.Bootstrap;
import io.quorate.node.LogWriter;
import io.quorate.node.NodeSettings;
import io.quorate.node.RaftEvents;
import io.quorate.node.RaftNode;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.transport.Transport;
import io.quorate.node.wal.WalOptions;
import io.quorate.proposal.ApplyWaiters;
import io.quorate.proposal.IdGenerator;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.PendingProposals;
import io.quorate.proposal.Proposer;
import io.quorate.proto.Metadata;
import io.quorate.raft.Peer;
import io.quorate.raft.RaftConfig;
import io.quorate.raft.Snapshot;
import io.quorate.server.ApplyJob;
import io.quorate.server.DeadlineClock;
import io.quorate.server.ExpiredLeases;
import io.quorate.server.FifoScheduler;
import io.quorate.server.Leadership;
import io.quorate.server.LeadershipDuties;
import io.quorate.server.Progress;
import io.quorate.server.Publisher;
import io.quorate.server.ReadyHandler;
import io.quorate.server.RunLoop;
import io.quorate.server.Snapshots;
import io.quorate.storage.Database;
import io.quorate.storage.StorageOptions;
import io.quorate.watch.MvccHistory;
import io.quorate.watch.WatchHub;
import io.quorate.watch.WatchSettings;
import io.quorate.wiring.StoredMetadata;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** Everything that runs in a member's process, put together as the wiring does, without threads and without Spring. */
final class MemberParts {

    static final Duration HEARTBEAT = Duration.ofMillis(100);
    private static final Duration ELECTION = HEARTBEAT.multipliedBy(10);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(3);
    private static final long CLUSTER = 0xc1;
    private static final int SEGMENT_BYTES = 1 << 15;

    /**
     * What is around a process.
     *
     * @param id the member's
     * @param voters all members
     * @param incarnation how often it was started
     * @param snapshotCount applied entries between two snapshots
     * @param observed stands between the node and the server
     * @param exit gets what the member cannot survive
     */
    record Surroundings(
            long id,
            List<Long> voters,
            int incarnation,
            long snapshotCount,
            MonotonicClock clock,
            RandomGenerator random,
            Transport transport,
            UnaryOperator<RaftEvents> observed,
            Consumer<Throwable> exit) {}

    private final Surroundings around;
    private final MemberDisk disk;
    final Database database;
    final MvccStore store;
    final LeaseManager leases;
    final WatchHub watches;
    final RaftNode node;
    final Proposer proposer;
    final LinearizableReader reader;
    final Progress progress;
    final List<Agent> agents;
    private final RunLoop runLoop;

    MemberParts(MemberDisk disk, Surroundings around) {
        this.around = around;
        this.disk = disk;
        MonotonicClock clock = around.clock();
        long id = around.id();
        database = Database.open(disk.databaseDirectory(), StorageOptions.DEFAULTS.withStatistics(false));
        StoredMetadata metadata = StoredMetadata.on(database);
        leases = new LeaseManager(metadata.leases(), LeaseSettings.forElectionTimeout(ELECTION), new Duties(), clock);
        leases.restore();
        store = new MvccStore(database, leases, MvccOptions.DEFAULT, clock);
        watches = new WatchHub(
                new MvccHistory(store), WatchSettings.DEFAULTS.withBufferMessages(4), clock, around.random(), () -> {});
        store.setObserver(watches);
        Membership membership = metadata.membership(CLUSTER, id);
        Bootstrap.Start start = bootstrap().start(coreSettings(), StoredConfState.load(database));
        ReadyHandler handler = new ReadyHandler(start.hardState().commit());
        LogWriter writer = new LogWriter(start.wal(), start.snapshots(), start.hardState(), new NoDurations());
        node = new RaftNode(
                start.core(),
                start.storage(),
                writer,
                around.transport(),
                around.observed().apply(handler),
                clock,
                new NodeSettings(id, HEARTBEAT.toNanos(), 4096, 1));
        writer.connect(node::durable);
        progress = new Progress(start.snapshot());
        ApplyWaiters waiters = new ApplyWaiters(progress.appliedIndex());
        PendingProposals pending = new PendingProposals();
        IdGenerator ids = new IdGenerator(id, around.incarnation() * 1_000_000L);
        proposer = new Proposer(
                node,
                pending,
                ids,
                clock,
                () -> handler.committedIndex() - progress.appliedIndex(),
                new Proposer.Limits(1 << 20, 5_000, REQUEST_TIMEOUT));
        reader = new LinearizableReader(node, waiters, ids, clock, Runnable::run, REQUEST_TIMEOUT, 100);
        LeadershipDuties duties = new LeadershipDuties(handler, leases, reader, ELECTION);
        handler.onLeadership(duties);
        BackendApplier backend = new BackendApplier(
                new Headers(CLUSTER, id),
                leases,
                store.compaction(),
                membership,
                new Alarms(metadata.alarms()),
                new KvCounters());
        ApplyAll applyAll = new ApplyAll(
                database,
                metadata.scope(),
                store,
                new ConsistentIndex(database),
                backend,
                new ConfChangeApplier(
                        membership,
                        node::confChangeApplied,
                        start.core().status().confState(),
                        StoredConfState.load(database) == null),
                new ApplyAll.Listeners(pending, duties::newTerm, nanos -> {}));
        Tasks maintenance = new Tasks("maintenance", this::compactHistory);
        FifoScheduler scheduler = new FifoScheduler(16);
        Snapshots snapshots = new Snapshots(
                progress,
                node,
                database::flush,
                maintenance,
                around.exit()::accept,
                new Snapshots.Intervals(around.snapshotCount(), Long.MAX_VALUE / 2, Duration.ZERO),
                clock);
        Leadership leadership = new Leadership(handler, node, reader, HEARTBEAT.toNanos());
        runLoop = new RunLoop(
                scheduler,
                new ApplyJob(applyAll, progress, waiters, snapshots, node, MemberParts::refuseSnapshot),
                new ExpiredLeases(leadership, proposer),
                disk.databaseDirectory(),
                around.exit());
        handler.connect(runLoop::apply, reader::readStates);
        Publisher publisher = new Publisher(membership, handler, proposer, name(id), List.of("http://localhost:1"));
        DeadlineClock deadlines = new DeadlineClock(
                leases::doWork, List.of(pending::expire, reader::poll, now -> publisher.poll()), clock);
        agents = List.of(node, writer, runLoop, scheduler, maintenance, deadlines, watches);
    }

    private static void refuseSnapshot(Snapshot snapshot) {
        throw new AssertionError("states are not sent in these runs, but one came: " + snapshot);
    }

    private final class Duties implements LeaseDuties {

        @Override
        public boolean revoke(List<Long> expired) {
            return runLoop.expired(expired);
        }

        @Override
        public void checkpoint(List<LeaseCheckpoint> checkpoints) {
            throw new AssertionError("checkpoints are not switched on");
        }
    }

    private WalOptions logOptions() {
        return WalOptions.DEFAULT.toBuilder()
                .segmentBytes(SEGMENT_BYTES)
                .disk(disk.files())
                .background(Runnable::run)
                .clock(around.clock())
                .build();
    }

    private Path directory() {
        return Path.of("/", name(around.id()));
    }

    private Bootstrap bootstrap() {
        Metadata identity = Metadata.newBuilder()
                .setNodeID(around.id())
                .setClusterID(CLUSTER)
                .build();
        List<Peer> peers = around.voters().stream()
                .map(id -> new Peer(
                        id,
                        MemberJson.encode(Member.announced(id, name(id), List.of("http://localhost:" + id), false))))
                .toList();
        SnapshotFiles snapshots = new SnapshotFiles(directory().resolve("snap"), disk.files());
        return new Bootstrap(directory().resolve("wal"), snapshots, logOptions(), identity, peers);
    }

    private RaftConfig coreSettings() {
        return RaftConfig.builder()
                .id(around.id())
                .electionTicks(10)
                .heartbeatTicks(1)
                .maxSizePerMsg(2_000)
                .maxCommittedSizePerReady(4_000)
                .maxInflightMsgs(8)
                .asyncStorageWrites(true)
                .stepDownOnRemoval(true)
                .random(around.random()::nextInt)
                .build();
    }

    private static String name(long id) {
        return "m" + id;
    }

    private long compactHistory() {
        return store.compaction().doWork() > 0 ? 0 : HEARTBEAT.toNanos();
    }

    /** The process is gone; what was not flushed is lost. */
    void die() {
        database.closeWithoutFlush();
    }
}
