package io.quorate.wiring;

import io.quorate.api.port.OpenStreams;
import io.quorate.apply.ApplierChain;
import io.quorate.apply.ExecutionMeters;
import io.quorate.apply.ExecutionTimes;
import io.quorate.apply.SkippedEntries;
import io.quorate.apply.StateCopy;
import io.quorate.assembly.ConsensusAssembly;
import io.quorate.assembly.ProposalAssembly;
import io.quorate.assembly.ServerAssembly;
import io.quorate.assembly.StateAssembly;
import io.quorate.assembly.TransferTimes;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Timed;
import io.quorate.bootstrap.EnrolmentRegister;
import io.quorate.config.ClientSettings;
import io.quorate.config.ClusterSettings;
import io.quorate.config.IntegritySettings;
import io.quorate.config.LimitSettings;
import io.quorate.config.LiveSettings;
import io.quorate.config.MemberSettings;
import io.quorate.config.MemberUrl;
import io.quorate.config.RaftSettings;
import io.quorate.membership.Membership;
import io.quorate.membership.Versions;
import io.quorate.mvcc.MvccStore;
import io.quorate.node.NodeSettings;
import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.proposal.LeadershipTransfer;
import io.quorate.proposal.Proposer;
import io.quorate.server.AutoCompactor;
import io.quorate.server.ConsensusState;
import io.quorate.server.DowngradeMonitor;
import io.quorate.server.ErrorChannel;
import io.quorate.server.FifoScheduler;
import io.quorate.server.NoLeaderMonitor;
import io.quorate.server.RunLoop;
import io.quorate.server.Snapshots;
import io.quorate.storage.Database;
import java.time.Duration;
import java.util.List;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The run loop and everything it drives. */
@Configuration(proxyBeanMethods = false)
class ServerWiring {

    /** Of a busy member, between two snapshots on disk; a restart replays what this time brought. */
    private static final Duration SNAPSHOT_REST = Duration.ofSeconds(5);

    /** How far the applied index runs ahead before the log in memory is cut again. */
    private static final long MEMORY_STEP = 100;

    /** The log in memory outgrows its bound by this share at most before it is cut. */
    private static final long MEMORY_STEPS = 4;

    @Bean
    ErrorChannel errorChannel(MemberSettings member, MemberExit exit) {
        return new ErrorChannel(member.dataDirectory(), exit::code, exit::fatal);
    }

    @Bean
    SnapshotDirectories snapshotDirectories(MemberSettings member) {
        return new SnapshotDirectories(member.dataDirectory().resolve("member").resolve("snap"));
    }

    @Bean
    TransferTimes transferTimes(Meters meters, MonotonicClock clock) {
        return new TransferTimes(meters, clock);
    }

    @Bean
    ServerAssembly.Shipping shipping(
            Database database, SnapshotDirectories folders, PeerNetwork network, TransferTimes times) {
        return new ServerAssembly.Shipping(
                folders, times.copying(folder -> StateCopy.take(database, folder)), times.shipping(network::sendState));
    }

    @Bean
    Snapshots.Intervals snapshotIntervals(MemberSettings member, NodeSettings node) {
        return new Snapshots.Intervals(
                member.snapshotCount(),
                MEMORY_STEP,
                node.catchUpBytes() / MEMORY_STEPS,
                member.snapshotCatchupEntries(),
                SNAPSHOT_REST);
    }

    @Bean
    ExecutionMeters executionMeters(Meters meters) {
        return new ExecutionMeters(meters);
    }

    @Bean
    ExecutionTimes executionTimes(LiveSettings settings, ExecutionMeters meters, MonotonicClock clock) {
        return new ExecutionTimes(() -> settings.now().backend().warningApplyDuration(), meters, clock);
    }

    @Bean
    ServerAssembly.Applying applying(
            Database database, IntegritySettings integrity, ExecutionTimes times, ExecutionMeters meters) {
        return new ServerAssembly.Applying(
                database::flush, SkippedEntries.parse(integrity.skipEntries()), times, meters.written());
    }

    @Bean
    ServerAssembly.Options serverOptions(
            ServerAssembly.Applying applying,
            Snapshots.Intervals intervals,
            RaftSettings raft,
            MemberSettings member,
            ClientSettings client,
            LimitSettings limits,
            List<Timed> duties) {
        return new ServerAssembly.Options(
                applying,
                intervals,
                raft.electionTimeout(),
                member.name(),
                client.advertiseClientUrls().stream().map(MemberUrl::toString).toList(),
                limits.schedulerQueue(),
                duties);
    }

    @Bean
    ServerAssembly serverAssembly(
            StateAssembly state,
            ConsensusAssembly consensus,
            ProposalAssembly proposals,
            ServerAssembly.Shipping shipping,
            ServerAssembly.Options options,
            ErrorChannel errors,
            MonotonicClock clock) {
        return new ServerAssembly(
                new ServerAssembly.Parts(state, consensus, proposals),
                shipping,
                options,
                ServerAssembly.Observing.NOBODY,
                errors,
                clock);
    }

    @Bean
    NoLeaderMonitor leaderLoss(ConsensusState consensus, RaftSettings raft, OpenStreams streams, MonotonicClock clock) {
        return new NoLeaderMonitor(consensus, raft.electionTimeout(), streams::leaderLost, clock.nanos());
    }

    @Bean
    DowngradeMonitor downgradeMonitor(
            Membership membership,
            ConsensusState consensus,
            Proposer proposer,
            PeerNetwork network,
            ClusterSettings cluster) {
        return new DowngradeMonitor(
                membership,
                consensus,
                proposer,
                Versions.SERVER,
                network::version,
                cluster.downgradeCheckTime().toNanos());
    }

    @Bean
    AutoCompactor autoCompactor(
            LiveSettings settings, ConsensusState consensus, Proposer proposer, MvccStore store, MonotonicClock clock) {
        AutoCompactor.Revisions revisions =
                new AutoCompactor.Revisions(store::currentRevision, store::compactedRevision);
        return new AutoCompactor(
                new LiveCompaction(() -> settings.now().backend(), clock), consensus, proposer, revisions);
    }

    @Bean
    FifoScheduler fifoScheduler(ServerAssembly server) {
        return server.scheduler();
    }

    @Bean
    RunLoop runLoop(ServerAssembly server) {
        return server.runLoop();
    }

    @Bean
    ApplierChain applierChain(ServerAssembly server) {
        return server.applier();
    }

    @Bean
    RunLoopLifecycle runLoopLifecycle(
            ServerAssembly server, LeadershipTransfer transfer, ConsensusState consensus, RaftSettings raft) {
        return new RunLoopLifecycle(server.threads(), transfer, consensus::isLeader, raft.electionTimeout());
    }

    @Bean
    StopAnnouncement stopAnnouncement(ErrorChannel errors) {
        return new StopAnnouncement(errors);
    }

    @Bean
    PublicationLifecycle publicationLifecycle(
            ServerAssembly server, EnrolmentRegister register, ErrorChannel errors, ApplicationEventPublisher events) {
        return new PublicationLifecycle(server.publisher(), register, errors, events);
    }
}
