package io.quorate.server;

import com.google.protobuf.Message;
import io.quorate.alarm.Alarms;
import io.quorate.apply.ExecutionTimes;
import io.quorate.apply.LogGate;
import io.quorate.apply.SkippedEntries;
import io.quorate.apply.StateCopy;
import io.quorate.apply.StoredConfState;
import io.quorate.assembly.ConsensusAssembly;
import io.quorate.assembly.ProposalAssembly;
import io.quorate.assembly.ServerAssembly;
import io.quorate.assembly.StateAssembly;
import io.quorate.base.Agent;
import io.quorate.fixture.ManualClock;
import io.quorate.fixture.NoDurations;
import io.quorate.fixture.StoredMetadata;
import io.quorate.identity.NoTokens;
import io.quorate.lease.LeaseManager;
import io.quorate.lease.LeaseSettings;
import io.quorate.membership.Member;
import io.quorate.membership.MemberJson;
import io.quorate.membership.Membership;
import io.quorate.mvcc.Compaction;
import io.quorate.mvcc.MvccSettings;
import io.quorate.mvcc.MvccStore;
import io.quorate.node.Bootstrap;
import io.quorate.node.NodeSettings;
import io.quorate.node.RaftNode;
import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.wal.WalSettings;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.MembershipChanges;
import io.quorate.proposal.Proposer;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.Metadata;
import io.quorate.raft.Peer;
import io.quorate.raft.RaftConfig;
import io.quorate.storage.Database;
import io.quorate.storage.StorageSettings;
import io.quorate.watch.WatchSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A whole member without threads and without Spring: the real node, log, run loop and state machine, stepped by the test.
 * Restarted on the same disk it goes on with what was synced and flushed.
 */
final class SteppedMember implements AutoCloseable {

    static final Duration HEARTBEAT = Duration.ofMillis(100);
    private static final Duration ELECTION = Duration.ofSeconds(1);
    private static final long CLUSTER = 0xc1;
    private static final long ID = 0xa1;
    private static final int STEPS_MAX = 10_000;

    final ManualClock clock = new ManualClock();
    final List<Throwable> exits = new CopyOnWriteArrayList<>();
    final ErrorChannel errors;
    final StateAssembly state;
    final ConsensusAssembly consensus;
    final ProposalAssembly proposals;
    final ServerAssembly server;
    final Database database;
    final MvccStore store;
    final Alarms alarms;
    final LeaseManager leases;
    final Membership membership;
    final ConsensusState consensusState;
    final ReadyHandler handler;
    final ApplyProgress progress;
    final RaftNode node;
    final Proposer proposer;
    final LinearizableReader reader;
    final Leadership leadership;

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
        errors = new ErrorChannel(disk.directory, failure -> 7, exits::add);
        database = Database.open(disk.directory.resolve("db"), StorageSettings.DEFAULTS);
        Bootstrap.Start start = start(disk);
        state = new StateAssembly(stored(), stateOptions(disk), clock, new Random(1));
        consensus = new ConsensusAssembly(
                state,
                start,
                messages -> {},
                new NodeSettings(ID, HEARTBEAT.toNanos(), 4096, 1, Long.MAX_VALUE),
                new NoDurations(),
                clock);
        proposals = new ProposalAssembly(
                state,
                consensus,
                new ProposalAssembly.Peers(SteppedMember::refuseCall, id -> 0),
                proposalOptions(),
                clock);
        server = new ServerAssembly(
                new ServerAssembly.Parts(state, consensus, proposals),
                new ServerAssembly.Shipping(
                        new SnapshotDirectories(disk.directory.resolve("snap")),
                        folder -> StateCopy.take(database, folder),
                        (announcement, files) -> CompletableFuture.failedStage(new AssertionError("nobody is there"))),
                serverOptions(disk),
                ServerAssembly.Observing.NOBODY,
                errors,
                clock);
        store = state.store();
        alarms = state.alarms();
        leases = state.leases();
        membership = state.membership();
        consensusState = consensus.state();
        handler = server.handler();
        progress = consensus.progress();
        node = consensus.node();
        proposer = proposals.proposer();
        reader = proposals.reader();
        leadership = proposals.leadership();
    }

    private Bootstrap.Start start(Disk disk) {
        Member self = Member.announced(ID, "a", List.of("http://localhost:2380"), false);
        return new Bootstrap(
                        disk.directory.resolve("wal"),
                        new SnapshotFiles(disk.directory.resolve("snap"), WalSettings.DEFAULT.disk()),
                        WalSettings.DEFAULT.withSegmentBytes(1 << 20),
                        Metadata.newBuilder()
                                .setNodeID(ID)
                                .setClusterID(CLUSTER)
                                .build(),
                        List.of(new Peer(ID, MemberJson.encode(self))))
                .start(
                        RaftConfig.builder()
                                .id(ID)
                                .asyncStorageWrites(true)
                                .random(ignored -> 0)
                                .build(),
                        StoredConfState.load(database));
    }

    private StateAssembly.Stored stored() {
        StoredMetadata metadata = StoredMetadata.on(database);
        return new StateAssembly.Stored(
                database,
                metadata.scope(),
                metadata.leases(),
                metadata.alarms(),
                metadata.auth(),
                metadata.membership(CLUSTER, ID));
    }

    private static StateAssembly.Options stateOptions(Disk disk) {
        return new StateAssembly.Options(
                LeaseSettings.forElectionTimeout(ELECTION).withCheckpoints(disk.leaseCheckpoints),
                MvccSettings.DEFAULT,
                WatchSettings.DEFAULTS,
                () -> disk.quotaBytes,
                UnaryOperator.identity(),
                Compaction.Observer.NONE,
                new NoTokens());
    }

    private ProposalAssembly.Options proposalOptions() {
        Duration timeout = Duration.ofSeconds(7);
        return new ProposalAssembly.Options(
                1,
                ELECTION,
                new Proposer.Limits(1 << 20, () -> 5_000, timeout, new LogGate(state.membership()::clusterVersion)),
                Runnable::run,
                100,
                new MembershipChanges.Rules(true, 1, timeout),
                "stepped",
                InstantSource.fixed(Instant.EPOCH));
    }

    private ServerAssembly.Options serverOptions(Disk disk) {
        return new ServerAssembly.Options(
                new ServerAssembly.Applying(
                        database::flush,
                        SkippedEntries.NONE,
                        new ExecutionTimes(() -> Duration.ofMillis(100), new NoDurations(), clock),
                        nanos -> {}),
                new Snapshots.Intervals(disk.snapshotCount, 100, 1 << 20, disk.catchUpEntries, Duration.ZERO),
                ELECTION,
                "a",
                List.of("http://localhost:2379"),
                16,
                List.of());
    }

    private static CompletableFuture<byte[]> refuseCall(long to, int method, byte[] request, Duration timeout) {
        return CompletableFuture.failedFuture(new AssertionError("a lone member asks nobody"));
    }

    /** Lets every agent work until all of them rest. */
    void settle() {
        for (int i = 0; i < STEPS_MAX; i++) {
            boolean busy = false;
            for (Agent agent : server.agents().all()) {
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
        consensus.writer().onStop();
        database.closeWithoutFlush();
    }

    @Override
    public void close() {
        consensus.writer().onStop();
        database.close();
    }
}
