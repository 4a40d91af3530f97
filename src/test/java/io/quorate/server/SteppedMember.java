package io.quorate.server;

import com.google.protobuf.Message;
import io.quorate.alarm.Alarms;
import io.quorate.alarm.SpaceQuota;
import io.quorate.apply.ApplierChain;
import io.quorate.apply.ApplyAll;
import io.quorate.apply.BackendApplier;
import io.quorate.apply.ConfChangeApplier;
import io.quorate.apply.ConsistentIndex;
import io.quorate.apply.EntryApplier;
import io.quorate.apply.ExecutionTimes;
import io.quorate.apply.Headers;
import io.quorate.apply.KvCounters;
import io.quorate.apply.LogGate;
import io.quorate.apply.SkippedEntries;
import io.quorate.apply.StoredConfState;
import io.quorate.base.Agent;
import io.quorate.base.Tasks;
import io.quorate.fixture.ManualClock;
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
import io.quorate.node.RaftNode;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.wal.WalOptions;
import io.quorate.proposal.ApplyWaiters;
import io.quorate.proposal.IdGenerator;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.PendingProposals;
import io.quorate.proposal.Proposer;
import io.quorate.proposal.SpaceAlarm;
import io.quorate.proto.AlarmType;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.Metadata;
import io.quorate.raft.Peer;
import io.quorate.raft.RaftConfig;
import io.quorate.raft.Snapshot;
import io.quorate.storage.Database;
import io.quorate.storage.StorageOptions;
import io.quorate.wiring.StoredMetadata;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A whole member without threads and without Spring: the real node, log, run loop and state machine, stepped by the test.
 * Restarted on the same disk it goes on with what was synced and flushed.
 */
final class SteppedMember implements AutoCloseable {

    static final Duration HEARTBEAT = Duration.ofMillis(100);
    private static final long ID = 0xa1;
    private static final int STEPS_MAX = 10_000;

    final ManualClock clock = new ManualClock();
    final List<Throwable> exits = new CopyOnWriteArrayList<>();
    final Database database;
    final MvccStore store;
    final Alarms alarms;
    final LeaseManager leases;
    final Membership membership;
    final ReadyHandler handler;
    final Progress progress;
    final RaftNode node;
    final Proposer proposer;
    final PendingProposals pending = new PendingProposals();
    final LinearizableReader reader;
    final FifoScheduler scheduler = new FifoScheduler(16);
    final RunLoop runLoop;
    final Publisher publisher;
    final Leadership leadership;
    private final ExpiredLeases expiredLeases;
    private final LogWriter writer;
    private final Tasks maintenance;
    private final DeadlineClock deadlines;
    private final List<Agent> agents;

    /** The member's files, and how it is set up. */
    static final class Disk {
        final Path directory;
        long snapshotCount = 10_000;
        long catchUpEntries = 5_000;
        long quotaBytes;
        boolean leaseCheckpoints;

        Disk(Path directory) {
            this.directory = directory;
        }
    }

    SteppedMember(Disk disk) {
        database = Database.open(disk.directory.resolve("db"), StorageOptions.DEFAULTS);
        StoredMetadata metadata = StoredMetadata.on(database);
        leases = new LeaseManager(
                metadata.leases(),
                LeaseSettings.forElectionTimeout(Duration.ofSeconds(1)).withCheckpoints(disk.leaseCheckpoints),
                new Duties(),
                clock);
        leases.restore();
        store = new MvccStore(database, leases, MvccOptions.DEFAULT, clock);
        membership = metadata.membership(0xc1, ID);
        alarms = new Alarms(metadata.alarms());
        SnapshotFiles snapshots = new SnapshotFiles(disk.directory.resolve("snap"), WalOptions.DEFAULT.disk());
        Member self = Member.announced(ID, "a", List.of("http://localhost:2380"), false);
        Metadata identity =
                Metadata.newBuilder().setNodeID(ID).setClusterID(0xc1).build();
        Bootstrap.Start start = new Bootstrap(
                        disk.directory.resolve("wal"),
                        snapshots,
                        WalOptions.DEFAULT.withSegmentBytes(1 << 20),
                        identity,
                        List.of(new Peer(ID, MemberJson.encode(self))))
                .start(
                        RaftConfig.builder()
                                .id(ID)
                                .asyncStorageWrites(true)
                                .random(ignored -> 0)
                                .build(),
                        StoredConfState.load(database));
        handler = new ReadyHandler(start.hardState().commit());
        writer = new LogWriter(start.wal(), start.snapshots(), start.hardState(), new NoDurations());
        NodeSettings settings = new NodeSettings(ID, HEARTBEAT.toNanos(), 4096, 1, Long.MAX_VALUE);
        node = new RaftNode(start.core(), start.storage(), writer, ignored -> {}, handler, clock, settings);
        writer.connect(node::durable);
        progress = new Progress(start.snapshot());
        ApplyWaiters waiters = new ApplyWaiters(progress.appliedIndex());
        IdGenerator ids = new IdGenerator(ID, 1);
        proposer = new Proposer(
                node, pending, ids, clock, () -> handler.committedIndex() - progress.appliedIndex(), limits());
        reader = new LinearizableReader(node, waiters, ids, clock, Runnable::run, Duration.ofSeconds(7), 100);
        LeadershipDuties duties = new LeadershipDuties(handler, leases, reader, Duration.ofSeconds(1));
        handler.onLeadership(duties);
        ApplyAll applyAll = new ApplyAll(
                database,
                metadata.scope(),
                store,
                new ConsistentIndex(database),
                new EntryApplier(appliers(disk), SkippedEntries.NONE),
                new ConfChangeApplier(
                        membership,
                        node::confChangeApplied,
                        start.core().status().confState(),
                        StoredConfState.load(database) == null),
                new ApplyAll.Listeners(pending, duties::newTerm, nanos -> {}));
        maintenance = new Tasks("maintenance", () -> Agent.UNTIL_WOKEN);
        Snapshots taken = new Snapshots(
                progress,
                node,
                database::flush,
                maintenance,
                exits::add,
                new Snapshots.Intervals(disk.snapshotCount, 100, 1 << 20, disk.catchUpEntries, Duration.ZERO),
                clock);
        leadership = new Leadership(handler, node, reader);
        expiredLeases = new ExpiredLeases(leadership, proposer);
        runLoop = new RunLoop(
                scheduler,
                new ApplyJob(applyAll, progress, waiters, taken, node, SteppedMember::refuseSnapshot),
                expiredLeases,
                disk.directory,
                exits::add);
        handler.connect(runLoop::apply, reader::readStates);
        publisher = new Publisher(membership, handler, proposer, "a", List.of("http://localhost:2379"));
        deadlines = new DeadlineClock(
                leases::doWork, List.of(pending::expire, reader::poll, now -> publisher.poll()), clock);
        agents = List.of(node, writer, runLoop, scheduler, maintenance, deadlines);
    }

    private static void refuseSnapshot(Snapshot snapshot) {
        throw new AssertionError("a lone member got a snapshot: " + snapshot);
    }

    private ApplierChain appliers(Disk disk) {
        BackendApplier backend = new BackendApplier(
                new Headers(0xc1, ID), leases, store.compaction(), membership, alarms, new KvCounters());
        return new ApplierChain(
                new ExecutionTimes(() -> Duration.ofMillis(100), new NoDurations(), clock),
                alarms,
                new SpaceQuota(() -> disk.quotaBytes, database::sizeBytes),
                new SpaceAlarm(proposer, ID, () -> alarms.isRaised(AlarmType.NOSPACE))::raise,
                backend);
    }

    private Proposer.Limits limits() {
        return new Proposer.Limits(
                1 << 20, () -> 5_000, Duration.ofSeconds(7), new LogGate(membership::clusterVersion));
    }

    private final class Duties implements LeaseDuties {

        @Override
        public boolean revoke(long term, List<Long> expired) {
            return runLoop.expired(term, expired);
        }

        @Override
        public void checkpoint(long term, List<LeaseCheckpoint> checkpoints) {
            expiredLeases.checkpoint(term, checkpoints);
        }
    }

    /** The same agents, each on a thread of its own. */
    MemberThreads threads() {
        Agent idle = new Tasks("watch-sync", () -> Agent.UNTIL_WOKEN);
        return new MemberThreads(
                new MemberThreads.Agents(runLoop, scheduler, maintenance, node, writer, deadlines, idle),
                pending,
                reader);
    }

    /** Lets every agent work until all of them rest. */
    void settle() {
        for (int i = 0; i < STEPS_MAX; i++) {
            boolean busy = false;
            for (Agent agent : agents) {
                busy |= agent.doWork() == 0;
            }
            if (!busy && node.pending() == 0) {
                return;
            }
        }
        throw new AssertionError("the member does not come to rest");
    }

    /** Runs until this member is known to its cluster. */
    SteppedMember started() {
        settle();
        pass(HEARTBEAT.multipliedBy(2));
        return this;
    }

    /** Lets time pass, one heartbeat after the other. */
    void pass(Duration time) {
        for (long left = time.toNanos(); left > 0; left -= HEARTBEAT.toNanos()) {
            clock.advance(HEARTBEAT);
            settle();
        }
    }

    /** Proposes and runs until the result is there. */
    Message propose(InternalRaftRequest.Builder request) {
        CompletableFuture<Message> result = proposer.propose(request);
        settle();
        return result.join();
    }

    /** Ends without any of what an orderly stop does; what was not synced or flushed is lost to the process. */
    void crash() {
        writer.onStop();
        database.closeWithoutFlush();
    }

    @Override
    public void close() {
        writer.onStop();
        database.close();
    }
}
