package io.quorate.sim.member;

import io.quorate.apply.ExecutionTimes;
import io.quorate.apply.LogGate;
import io.quorate.apply.SkippedEntries;
import io.quorate.apply.SnapshotInstaller;
import io.quorate.apply.StateCopy;
import io.quorate.apply.StoredConfState;
import io.quorate.assembly.ConsensusAssembly;
import io.quorate.assembly.ProposalAssembly;
import io.quorate.assembly.ServerAssembly;
import io.quorate.assembly.StateAssembly;
import io.quorate.base.Agent;
import io.quorate.base.MonotonicClock;
import io.quorate.fixture.NoDurations;
import io.quorate.fixture.StoredMetadata;
import io.quorate.identity.SimpleTokens;
import io.quorate.lease.LeaseDuties;
import io.quorate.lease.LeaseRecord.LeaseCheckpoint;
import io.quorate.lease.LeaseSettings;
import io.quorate.membership.Member;
import io.quorate.membership.MemberJson;
import io.quorate.membership.Membership;
import io.quorate.mvcc.Compaction;
import io.quorate.mvcc.MvccSettings;
import io.quorate.node.Bootstrap;
import io.quorate.node.NodeSettings;
import io.quorate.node.RaftNode;
import io.quorate.node.SnapshotArrivals;
import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.transport.Transport;
import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalSettings;
import io.quorate.proposal.LeadershipTransfer;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.MembershipChanges;
import io.quorate.proposal.Proposer;
import io.quorate.proto.Metadata;
import io.quorate.raft.Message;
import io.quorate.raft.Peer;
import io.quorate.raft.RaftConfig;
import io.quorate.server.ApplyProgress;
import io.quorate.server.ErrorChannel;
import io.quorate.server.SnapshotSender;
import io.quorate.server.Snapshots;
import io.quorate.storage.Cursor;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.StorageSettings;
import io.quorate.watch.WatchSettings;
import java.nio.ByteBuffer;
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

    private static final Duration TOKEN_LIFE = Duration.ofSeconds(8);
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
            Transport transport, SnapshotSender.Shipper shipper, LongUnaryOperator activeSince, LongPredicate dials) {}

    private final Surroundings around;
    private final CrashingDisk disk;
    final StateAssembly state;
    final RaftNode node;
    final ApplyProgress progress;
    final SnapshotArrivals snapshotArrivals;
    final Proposer proposer;
    final LinearizableReader reader;
    final MembershipChanges changes;
    final LeadershipTransfer transfer;
    final List<Agent> agents;
    private final ConsensusAssembly consensus;

    MemberParts(CrashingDisk disk, Surroundings around) {
        this.around = around;
        this.disk = disk;
        MonotonicClock clock = around.clock();
        Database database = Database.open(disk.database(), StorageSettings.DEFAULTS.withStatistics(false));
        SnapshotDirectories folders = new SnapshotDirectories(disk.states(), disk.folders());
        Bootstrap.Start start;
        try {
            start = start(database, folders);
        } catch (RuntimeException | Error refusal) {
            database.closeWithoutFlush();
            throw refusal;
        }
        state = new StateAssembly(stored(database), stateOptions(database), clock, around.random());
        boolean writesItself = around.random().nextBoolean(); // both ways to the disk are simulated
        NodeSettings settings =
                new NodeSettings(around.id(), HEARTBEAT.toNanos(), 4096, 1, around.catchUpBytes(), false, writesItself);
        consensus = new ConsensusAssembly(state, start, this::send, settings, new NoDurations(), clock);
        ProposalAssembly proposals = new ProposalAssembly(
                state,
                consensus,
                new ProposalAssembly.Peers(
                        (to, method, request, timeout) ->
                                CompletableFuture.failedFuture(new AssertionError("only a leader is asked to promote")),
                        around.neighbours().activeSince()),
                proposalOptions(),
                clock);
        ServerAssembly server = new ServerAssembly(
                new ServerAssembly.Parts(state, consensus, proposals),
                new ServerAssembly.Shipping(
                        folders,
                        folder -> StateCopy.take(database, folder),
                        around.neighbours().shipper()),
                serverOptions(),
                new ServerAssembly.Observing(
                        rounds -> around.checks().observe(around.id(), rounds), duties -> new Duties(duties)),
                new ErrorChannel(disk.database(), failure -> 7, around.exit()),
                clock);
        node = consensus.node();
        progress = consensus.progress();
        snapshotArrivals = new SnapshotArrivals(folders, node::receive);
        proposer = proposals.proposer();
        reader = proposals.reader();
        changes = proposals.changes();
        transfer = proposals.transfer();
        agents = server.agents().all();
    }

    private StateAssembly.Stored stored(Database database) {
        StoredMetadata metadata = StoredMetadata.on(database);
        return new StateAssembly.Stored(
                database,
                metadata.scope(),
                metadata.leases(),
                metadata.alarms(),
                metadata.auth(),
                metadata.membership(CLUSTER, around.id()));
    }

    private StateAssembly.Options stateOptions(Database database) {
        return new StateAssembly.Options(
                LeaseSettings.forElectionTimeout(ELECTION),
                MvccSettings.DEFAULT,
                WatchSettings.DEFAULTS.withBufferMessages(4),
                () -> 0,
                watches -> (revision, events) -> {
                    around.checks().publishing(around.id(), revision, isWritten(database, revision));
                    watches.committed(revision, events);
                },
                Compaction.Observer.NONE,
                new SimpleTokens(
                        TOKEN_LIFE, REQUEST_TIMEOUT, index -> CompletableFuture.completedFuture(null), around.clock()));
    }

    /** Whether a crash now would leave the revision in the database, if that loses nothing. */
    private static boolean isWritten(Database database, long revision) {
        try (Cursor cursor = database.cursor(Family.HISTORY, key(revision), key(revision + 1))) {
            return cursor.isValid();
        }
    }

    private static byte[] key(long revision) {
        return ByteBuffer.allocate(Long.BYTES).putLong(revision).array();
    }

    private ProposalAssembly.Options proposalOptions() {
        return new ProposalAssembly.Options(
                around.incarnation() * 1_000_000L,
                ELECTION,
                new Proposer.Limits(
                        1 << 20, () -> 5_000, REQUEST_TIMEOUT, new LogGate(state.membership()::clusterVersion)),
                Runnable::run,
                100,
                new MembershipChanges.Rules(true, LEARNERS_MAX, REQUEST_TIMEOUT),
                "simulation",
                InstantSource.fixed(Instant.EPOCH));
    }

    private ServerAssembly.Options serverOptions() {
        ExecutionTimes times = new ExecutionTimes(() -> Duration.ZERO, new NoDurations(), around.clock());
        return new ServerAssembly.Options(
                new ServerAssembly.Applying(
                        this::flush,
                        SkippedEntries.NONE,
                        times,
                        nanos -> disk.power().step()),
                around.intervals(),
                ELECTION,
                name(around.id()),
                List.of("http://localhost:1"),
                16,
                List.of());
    }

    private void send(List<Message> messages) {
        around.neighbours()
                .transport()
                .send(messages.stream()
                        .filter(message -> isPeer(message.to())
                                || around.neighbours().dials().test(message.to()))
                        .toList());
    }

    /** As the wiring does: a state that the log has noted and the database does not hold yet is installed first. */
    private Bootstrap.Start start(Database database, SnapshotDirectories folders) {
        WalSettings options = WalSettings.DEFAULT.toBuilder()
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

    /** Learns what a leader of a term decides by its clock. */
    private final class Duties implements LeaseDuties {

        private final LeaseDuties server;

        Duties(LeaseDuties server) {
            this.server = server;
        }

        @Override
        public boolean revoke(long term, List<Long> expired) {
            around.revocations().decided(term, expired);
            return server.revoke(term, expired);
        }

        @Override
        public void checkpoint(long term, List<LeaseCheckpoint> checkpoints) {
            server.checkpoint(term, checkpoints);
        }
    }

    /** Takes a while, in which the log writer goes on; the power may go before its end. */
    private void flush() {
        disk.power().flushing(consensus.writer()::doWork);
        state.database().flush();
        disk.power().step();
    }

    private static String name(long id) {
        return "m" + Long.toHexString(id);
    }

    /** Whether this member belongs to the cluster, as far as it knows, and serves clients. */
    boolean servesClients() {
        Member self = state.membership().member(around.id());
        return self != null && !self.isLearner();
    }

    /** Whether this member is in touch with another: a new one, which is not in its own list yet, with all. */
    boolean isPeer(long other) {
        Membership membership = state.membership();
        return membership.member(other) != null
                || (membership.member(around.id()) == null && !membership.isRemoved(other));
    }

    boolean isRemoved() {
        return state.membership().isRemoved(around.id());
    }

    boolean isLeader() {
        return consensus.state().isLeader();
    }

    /** The process is gone; what was not flushed is lost. */
    void die() {
        state.database().closeWithoutFlush();
    }
}
