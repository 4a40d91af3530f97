package io.quorate.sim.member;

import io.quorate.apply.ApplyAll;
import io.quorate.apply.ConfChangeApplier;
import io.quorate.apply.LogGate;
import io.quorate.apply.SnapshotInstaller;
import io.quorate.apply.StateCopy;
import io.quorate.apply.StoredConfState;
import io.quorate.base.Agent;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Tasks;
import io.quorate.fixture.NoDurations;
import io.quorate.lease.LeaseCheckpoint;
import io.quorate.lease.LeaseDuties;
import io.quorate.membership.Member;
import io.quorate.membership.MemberJson;
import io.quorate.node.Bootstrap;
import io.quorate.node.LogWriter;
import io.quorate.node.NodeSettings;
import io.quorate.node.RaftNode;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.snapshot.StateFolders;
import io.quorate.node.transport.Transport;
import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalOptions;
import io.quorate.proposal.ApplyWaiters;
import io.quorate.proposal.Connectivity;
import io.quorate.proposal.IdGenerator;
import io.quorate.proposal.LeaderTransfer;
import io.quorate.proposal.LeaderView;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.MembershipChanges;
import io.quorate.proposal.PendingProposals;
import io.quorate.proposal.Proposer;
import io.quorate.proto.Metadata;
import io.quorate.raft.Peer;
import io.quorate.raft.RaftConfig;
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
import io.quorate.server.StateTransfers;
import io.quorate.storage.Database;
import io.quorate.storage.StorageOptions;
import io.quorate.wiring.ReceivedStates;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import java.util.random.RandomGenerator;

/** Everything that runs in a member's process, put together as the wiring does, without threads and without Spring. */
final class MemberParts {

    static final Duration HEARTBEAT = Duration.ofMillis(100);
    static final Duration ELECTION = HEARTBEAT.multipliedBy(10);
    static final long CLUSTER = 0xc1;
    static final int LEARNERS_MAX = 2;

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(3);
    static final int SEGMENT_BYTES = 1 << 15;

    /**
     * What is around a process.
     *
     * @param id the member's
     * @param founders the members of the new cluster; none if this one joins
     * @param incarnation how often it was started
     * @param intervals how often it takes snapshots
     * @param checks looks at what goes on
     * @param revocations told of leases that are to be revoked
     * @param neighbours the network, as a member knows it
     * @param exit gets what the member cannot survive
     */
    record Surroundings(
            long id,
            List<Long> founders,
            int incarnation,
            Snapshots.Intervals intervals,
            long catchUpBytes,
            MonotonicClock clock,
            RandomGenerator random,
            ClusterChecks checks,
            Revocations revocations,
            Neighbours neighbours,
            Consumer<Throwable> exit) {}

    /** Learns what a leader of a term decides by its clock. */
    interface Revocations {

        void decided(long term, List<Long> leases);
    }

    /**
     * The other members.
     *
     * @param transport carries messages to them
     * @param shipper carries states to them
     * @param activeSince since when one of them can be reached, by nanoseconds; 0 if it cannot
     * @param dials whether one of them has a connection to this member, on which it gets answers
     */
    record Neighbours(
            Transport transport, StateTransfers.Shipper shipper, LongUnaryOperator activeSince, LongPredicate dials) {}

    private final Surroundings around;
    private final MemberDisk disk;
    final StateParts state;
    final RaftNode node;
    final Progress progress;
    final ReceivedStates receivedStates;
    final Proposer proposer;
    final LinearizableReader reader;
    final MembershipChanges changes;
    final LeaderTransfer transfer;
    final List<Agent> agents;
    private final LogWriter writer;
    private final ReadyHandler handler;
    private final ExpiredLeases expiredLeases;
    private final PendingProposals pending = new PendingProposals();
    private final IdGenerator ids;
    private final RunLoop runLoop;

    MemberParts(MemberDisk disk, Surroundings around) {
        this.around = around;
        this.disk = disk;
        MonotonicClock clock = around.clock();
        Database database = Database.open(disk.database(), StorageOptions.DEFAULTS.withStatistics(false));
        StateFolders folders = new StateFolders(disk.states(), disk.folders());
        Bootstrap.Start start;
        try {
            start = start(database, folders);
        } catch (RuntimeException | Error refusal) {
            database.closeWithoutFlush();
            throw refusal;
        }
        state = new StateParts(database, new Duties(), around);
        handler = new ReadyHandler(start.hardState().commit());
        writer = new LogWriter(start.wal(), start.snapshots(), start.hardState(), new NoDurations());
        node = new RaftNode(
                start.core(),
                start.storage(),
                writer,
                messages -> around.neighbours()
                        .transport()
                        .send(messages.stream()
                                .filter(message -> state.isPeer(message.to())
                                        || around.neighbours().dials().test(message.to()))
                                .toList()),
                around.checks().observe(around.id(), handler),
                clock,
                new NodeSettings(around.id(), HEARTBEAT.toNanos(), 4096, 1, around.catchUpBytes()));
        writer.connect(node::durable);
        receivedStates = new ReceivedStates(folders, node);
        progress = new Progress(start.snapshot());
        ApplyWaiters waiters = new ApplyWaiters(progress.appliedIndex());
        ids = new IdGenerator(around.id(), around.incarnation() * 1_000_000L);
        proposer = new Proposer(
                node,
                pending,
                ids,
                clock,
                () -> handler.committedIndex() - progress.appliedIndex(),
                new Proposer.Limits(
                        1 << 20, () -> 5_000, REQUEST_TIMEOUT, new LogGate(state.membership::clusterVersion)));
        reader = new LinearizableReader(node, waiters, ids, clock, Runnable::run, REQUEST_TIMEOUT, 100);
        Leadership leadership = new Leadership(handler, node, reader);
        LeaderView view = new LeaderView(around.id(), handler::leader, leadership::ensure, handler::committedIndex);
        Connectivity connectivity =
                new Connectivity(state.membership, around.neighbours().activeSince(), clock);
        transfer = new LeaderTransfer(state.membership, node, view, connectivity, clock);
        changes = changes(view, connectivity);
        Tasks maintenance = new Tasks("maintenance", this::compactHistory);
        FifoScheduler scheduler = new FifoScheduler(16);
        expiredLeases = new ExpiredLeases(leadership, proposer);
        runLoop = new RunLoop(
                scheduler,
                applyJob(start, folders, waiters, maintenance),
                expiredLeases,
                disk.database(),
                around.exit());
        handler.connect(runLoop::apply, reader::readStates);
        agents = List.of(node, writer, runLoop, scheduler, maintenance, deadlines(), state.watches);
    }

    /** As the wiring does: a state that the log has noted and the database does not hold yet is installed first. */
    private Bootstrap.Start start(Database database, StateFolders folders) {
        WalOptions options = WalOptions.DEFAULT.toBuilder()
                .segmentBytes(SEGMENT_BYTES)
                .disk(disk.files())
                .background(Runnable::run)
                .clock(around.clock())
                .build();
        Path log = disk.log();
        SnapshotFiles snapshots = new SnapshotFiles(disk.snapshots(), disk.files());
        if (Wal.exists(log, options)) {
            snapshots
                    .loadNewest(Wal.snapshots(log, options))
                    .ifPresent(newest -> SnapshotInstaller.recover(database, folders, newest));
        }
        Metadata identity = Metadata.newBuilder()
                .setNodeID(around.id())
                .setClusterID(CLUSTER)
                .build();
        List<Peer> peers = around.founders().stream()
                .map(id -> new Peer(
                        id,
                        MemberJson.encode(Member.announced(id, name(id), List.of("http://localhost:" + id), false))))
                .toList();
        return new Bootstrap(log, snapshots, options, identity, peers, around::incarnation)
                .start(coreSettings(), StoredConfState.load(database));
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

    private MembershipChanges changes(LeaderView view, Connectivity connectivity) {
        InstantSource timeOfDay = InstantSource.fixed(Instant.EPOCH);
        return new MembershipChanges(
                state.membership,
                node,
                pending,
                new MembershipChanges.Identifiers(ids, around.clock(), timeOfDay, "simulation"),
                new MembershipChanges.Rules(true, LEARNERS_MAX, REQUEST_TIMEOUT),
                connectivity,
                new MembershipChanges.LeaderLink(
                        view,
                        (to, method, request, timeout) ->
                                CompletableFuture.failedFuture(new AssertionError("only a leader is asked to promote")),
                        transfer));
    }

    private ApplyJob applyJob(Bootstrap.Start start, StateFolders folders, ApplyWaiters waiters, Tasks maintenance) {
        LeadershipDuties duties = new LeadershipDuties(handler, state.leases, reader, ELECTION);
        handler.onLeadership(duties);
        handler.onLeadership((leader, isLeader, changed) -> transfer.leaderIs(leader));
        ConfChangeApplier confChanges = state.confChanges(start, node::confChangeApplied);
        ApplyAll applyAll = state.applyAll(
                confChanges,
                new ApplyAll.Listeners(
                        pending, duties::newTerm, nanos -> disk.power().step()));
        Snapshots snapshots = new Snapshots(
                progress, node, this::flush, maintenance, around.exit()::accept, around.intervals(), around.clock());
        StateTransfers transfers = new StateTransfers(
                folder -> StateCopy.take(state.database, folder),
                around.neighbours().shipper(),
                folders,
                node,
                maintenance,
                around.clock());
        handler.onSnapshotNeeded(transfers::send);
        snapshots.holdWhile(transfers::holdsLog);
        SnapshotInstaller installer = state.installer(folders, confChanges);
        return new ApplyJob(applyAll, progress, waiters, snapshots, node, installer::install);
    }

    private DeadlineClock deadlines() {
        Publisher publisher =
                new Publisher(state.membership, handler, proposer, name(around.id()), List.of("http://localhost:1"));
        return new DeadlineClock(
                state.leases::doWork,
                List.of(pending::expire, reader::poll, transfer::expire, now -> publisher.poll()),
                around.clock());
    }

    private final class Duties implements LeaseDuties {

        @Override
        public boolean revoke(long term, List<Long> expired) {
            around.revocations().decided(term, expired);
            return runLoop.expired(term, expired);
        }

        @Override
        public void checkpoint(long term, List<LeaseCheckpoint> checkpoints) {
            expiredLeases.checkpoint(term, checkpoints);
        }
    }

    /** Takes a while, in which the log writer goes on; the power may go before its end. */
    private void flush() {
        disk.power().flushing(writer::doWork);
        state.database.flush();
        disk.power().step();
    }

    private static String name(long id) {
        return "m" + Long.toHexString(id);
    }

    private long compactHistory() {
        return state.store.compaction().doWork() > 0 ? 0 : HEARTBEAT.toNanos();
    }

    boolean isLeader() {
        return handler.isLeader();
    }

    /** The process is gone; what was not flushed is lost. */
    void die() {
        state.database.closeWithoutFlush();
    }
}
