package io.quorate.wiring;

import io.quorate.alarm.Alarms;
import io.quorate.alarm.SpaceQuota;
import io.quorate.api.port.OpenStreams;
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
import io.quorate.apply.SnapshotInstaller;
import io.quorate.apply.StoredConfState;
import io.quorate.base.Agent;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Tasks;
import io.quorate.bootstrap.Enrolment;
import io.quorate.config.ClientProperties;
import io.quorate.config.ClusterProperties;
import io.quorate.config.IntegrityProperties;
import io.quorate.config.LimitsProperties;
import io.quorate.config.LiveSettings;
import io.quorate.config.MemberProperties;
import io.quorate.config.MemberUrl;
import io.quorate.config.RaftProperties;
import io.quorate.integrity.IntegrityMonitor;
import io.quorate.lease.LeaseManager;
import io.quorate.membership.Membership;
import io.quorate.membership.Versions;
import io.quorate.mvcc.Compaction;
import io.quorate.mvcc.MvccStore;
import io.quorate.node.Bootstrap;
import io.quorate.node.LogWriter;
import io.quorate.node.NodeSettings;
import io.quorate.node.RaftNode;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.ops.MemberDurations;
import io.quorate.proposal.ApplyWaiters;
import io.quorate.proposal.IdGenerator;
import io.quorate.proposal.LeaderTransfer;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.PendingProposals;
import io.quorate.proposal.Proposer;
import io.quorate.proposal.ReadPool;
import io.quorate.proposal.SpaceAlarm;
import io.quorate.proto.AlarmType;
import io.quorate.proto.Metadata;
import io.quorate.server.ApplyJob;
import io.quorate.server.AutoCompactor;
import io.quorate.server.DeadlineClock;
import io.quorate.server.DowngradeMonitor;
import io.quorate.server.ExpiredLeases;
import io.quorate.server.FifoScheduler;
import io.quorate.server.LeaderLoss;
import io.quorate.server.Leadership;
import io.quorate.server.LeadershipDuties;
import io.quorate.server.MemberThreads;
import io.quorate.server.Progress;
import io.quorate.server.Publisher;
import io.quorate.server.ReadyHandler;
import io.quorate.server.RunLoop;
import io.quorate.server.Snapshots;
import io.quorate.storage.ApplyScope;
import io.quorate.storage.Database;
import io.quorate.watch.WatchHub;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.ObjectProvider;
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

    /** What etcd waits for the result of a request, on top of two election timeouts. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration MAINTENANCE_STEP = Duration.ofMillis(10);

    @Bean
    Progress progress(Bootstrap.Start start) {
        return new Progress(start.snapshot());
    }

    @Bean
    ApplyWaiters applyWaiters(Progress progress) {
        return new ApplyWaiters(progress.appliedIndex());
    }

    @Bean
    PendingProposals pendingProposals() {
        return new PendingProposals();
    }

    @Bean
    IdGenerator idGenerator(Metadata identity) {
        return new IdGenerator(identity.getNodeID(), System.currentTimeMillis());
    }

    @Bean
    Headers headers(Metadata identity) {
        return new Headers(identity.getClusterID(), identity.getNodeID());
    }

    @Bean
    ReadPool readPool(LimitsProperties limits) {
        return new ReadPool("read", limits.readThreads(), limits.readQueue());
    }

    @Bean
    Proposer proposer(
            RaftNode node,
            PendingProposals pending,
            IdGenerator ids,
            MonotonicClock clock,
            ReadyHandler handler,
            Progress progress,
            ProposerSettings settings) {
        LongSupplier applyGap = () -> handler.committedIndex() - progress.appliedIndex();
        return new Proposer(node, pending, ids, clock, applyGap, settings.limits());
    }

    /** The settings that the proposer takes from several records. */
    record ProposerSettings(Proposer.Limits limits) {}

    @Bean
    ProposerSettings proposerSettings(
            ClientProperties client, LiveSettings settings, RaftProperties raft, Membership membership) {
        return new ProposerSettings(new Proposer.Limits(
                client.maxRequestBytes().toBytes(),
                () -> settings.now().limits().applyGap(),
                requestTimeout(raft),
                new LogGate(membership::clusterVersion)));
    }

    @Bean
    LinearizableReader linearizableReader(
            RaftNode node,
            ApplyWaiters waiters,
            IdGenerator ids,
            MonotonicClock clock,
            ReadPool readPool,
            RaftProperties raft,
            LimitsProperties limits) {
        return new LinearizableReader(node, waiters, ids, clock, readPool, requestTimeout(raft), limits.readQueue());
    }

    static Duration requestTimeout(RaftProperties raft) {
        return REQUEST_TIMEOUT.plus(raft.electionTimeout().multipliedBy(2));
    }

    @Bean
    ConfChangeApplier confChangeApplier(
            Membership membership, RaftNode node, Bootstrap.Start start, Database database) {
        return new ConfChangeApplier(
                membership,
                node::confChangeApplied,
                start.core().status().confState(),
                StoredConfState.load(database) == null);
    }

    @Bean
    BackendApplier backendApplier(
            Headers headers,
            LeaseManager leases,
            Compaction compaction,
            Membership membership,
            Alarms alarms,
            KvCounters counters) {
        return new BackendApplier(headers, leases, compaction, membership, alarms, counters);
    }

    @Bean
    ApplierChain applierChain(
            ExecutionTimes times, Alarms alarms, SpaceQuota quota, SpaceAlarm spaceAlarm, BackendApplier backend) {
        return new ApplierChain(times, alarms, quota, spaceAlarm::raise, backend);
    }

    @Bean
    EntryApplier entryApplier(ApplierChain chain, IntegrityProperties integrity) {
        return new EntryApplier(chain, SkippedEntries.parse(integrity.skipEntries()));
    }

    @Bean
    SpaceAlarm spaceAlarm(Proposer proposer, Metadata identity, Alarms alarms) {
        return new SpaceAlarm(proposer, identity.getNodeID(), () -> alarms.isRaised(AlarmType.NOSPACE));
    }

    @Bean
    ExecutionTimes executionTimes(LiveSettings settings, MemberDurations durations, MonotonicClock clock) {
        return new ExecutionTimes(
                () -> settings.now().backend().warningApplyDuration(), new ExecutionMetrics(durations), clock);
    }

    @Bean
    LeadershipDuties leadershipDuties(
            ReadyHandler handler, LeaseManager leases, LinearizableReader reader, RaftProperties raft) {
        LeadershipDuties duties = new LeadershipDuties(handler, leases, reader, raft.electionTimeout());
        handler.onLeadership(duties);
        return duties;
    }

    @Bean
    ApplyAll applyAll(
            Database database,
            ApplyScope scope,
            MvccStore store,
            ConsistentIndex index,
            EntryApplier applier,
            ConfChangeApplier confChanges,
            ApplyAll.Listeners listeners) {
        return new ApplyAll(database, scope, store, index, applier, confChanges, listeners);
    }

    @Bean
    ApplyAll.Listeners applyListeners(PendingProposals pending, LeadershipDuties duties, MemberDurations durations) {
        return new ApplyAll.Listeners(pending, duties::newTerm, durations.backendCommit());
    }

    @Bean
    Tasks maintenance(Compaction compaction) {
        return new Tasks(
                "maintenance",
                () -> compaction.doWork() > 0
                        ? 0
                        : compaction.isIdle() ? Agent.UNTIL_WOKEN : MAINTENANCE_STEP.toNanos());
    }

    @Bean
    Snapshots snapshots(
            Progress progress,
            RaftNode node,
            Database database,
            Tasks maintenance,
            ObjectProvider<RunLoop> runLoop,
            MonotonicClock clock,
            Snapshots.Intervals intervals) {
        return new Snapshots(
                progress,
                node,
                database::flush,
                maintenance,
                cause -> runLoop.getObject().failed(cause),
                intervals,
                clock);
    }

    @Bean
    Snapshots.Intervals snapshotIntervals(MemberProperties member, NodeSettings node) {
        return new Snapshots.Intervals(
                member.snapshotCount(),
                MEMORY_STEP,
                node.catchUpBytes() / MEMORY_STEPS,
                member.snapshotCatchupEntries(),
                SNAPSHOT_REST);
    }

    @Bean
    ApplyJob applyJob(
            ApplyAll applyAll,
            Progress progress,
            ApplyWaiters waiters,
            Snapshots snapshots,
            RaftNode node,
            SnapshotInstaller installer) {
        return new ApplyJob(applyAll, progress, waiters, snapshots, node, installer::install);
    }

    @Bean
    FifoScheduler fifoScheduler(LimitsProperties limits) {
        return new FifoScheduler(limits.schedulerQueue());
    }

    @Bean
    ExpiredLeases expiredLeases(Leadership leadership, Proposer proposer) {
        return new ExpiredLeases(leadership, proposer);
    }

    @Bean
    RunLoop runLoop(
            FifoScheduler scheduler,
            ApplyJob applyJob,
            ExpiredLeases expiredLeases,
            MemberProperties member,
            ReadyHandler handler,
            LinearizableReader reader,
            MemberExit exit) {
        RunLoop runLoop = new RunLoop(scheduler, applyJob, expiredLeases, member.dataDirectory(), exit::fatal);
        handler.connect(runLoop::apply, reader::readStates);
        return runLoop;
    }

    @Bean
    Publisher publisher(
            Membership membership,
            ReadyHandler handler,
            Proposer proposer,
            MemberProperties member,
            ClientProperties client) {
        Publisher publisher = new Publisher(
                membership,
                handler,
                proposer,
                member.name(),
                client.advertiseClientUrls().stream().map(MemberUrl::toString).toList());
        handler.onLeadership((leader, isLeader, changed) -> publisher.poll());
        return publisher;
    }

    @Bean
    DeadlineClock deadlineClock(
            LeaseManager leases,
            PendingProposals pending,
            LinearizableReader reader,
            Publisher publisher,
            LeaderDuties duties,
            Enrolment enrolment,
            MonotonicClock clock) {
        List<LongConsumer> polls = List.of(
                pending::expire,
                reader::poll,
                duties.transfer()::expire,
                now -> publisher.poll(),
                duties.downgrade()::poll,
                duties.compactor()::poll,
                duties.integrity()::poll,
                duties.leaderLoss()::poll,
                enrolment::poll);
        return new DeadlineClock(leases::doWork, polls, clock);
    }

    /** What depends on who leads, as time passes. */
    record LeaderDuties(
            AutoCompactor compactor,
            IntegrityMonitor integrity,
            LeaderLoss leaderLoss,
            DowngradeMonitor downgrade,
            LeaderTransfer transfer) {}

    @Bean
    LeaderDuties leaderDuties(
            AutoCompactor compactor,
            IntegrityMonitor integrity,
            LeaderLoss leaderLoss,
            DowngradeMonitor downgrade,
            LeaderTransfer transfer) {
        return new LeaderDuties(compactor, integrity, leaderLoss, downgrade, transfer);
    }

    @Bean
    LeaderLoss leaderLoss(ReadyHandler handler, RaftProperties raft, OpenStreams streams, MonotonicClock clock) {
        return new LeaderLoss(handler, raft.electionTimeout(), streams::leaderLost, clock.nanos());
    }

    @Bean
    DowngradeMonitor downgradeMonitor(
            Membership membership,
            ReadyHandler handler,
            Proposer proposer,
            PeerNetwork network,
            ClusterProperties cluster) {
        return new DowngradeMonitor(
                membership,
                handler,
                proposer,
                Versions.SERVER,
                network::version,
                cluster.downgradeCheckTime().toNanos());
    }

    @Bean
    AutoCompactor autoCompactor(
            LiveSettings settings, ReadyHandler handler, Proposer proposer, MvccStore store, MonotonicClock clock) {
        AutoCompactor.Revisions revisions =
                new AutoCompactor.Revisions(store::currentRevision, store::compactedRevision);
        return new AutoCompactor(
                new LiveCompaction(() -> settings.now().backend(), clock), handler, proposer, revisions);
    }

    @Bean
    MemberThreads memberThreads(MemberThreads.Agents agents, PendingProposals pending, LinearizableReader reader) {
        return new MemberThreads(agents, pending, reader);
    }

    @Bean
    MemberThreads.Agents agents(
            RunLoop runLoop,
            FifoScheduler scheduler,
            Tasks maintenance,
            RaftNode node,
            LogWriter writer,
            DeadlineClock clock,
            WatchHub hub) {
        return new MemberThreads.Agents(runLoop, scheduler, maintenance, node, writer, clock, hub);
    }

    @Bean
    RunLoopLifecycle runLoopLifecycle(MemberThreads threads, LeaderTransfer transfer, RaftProperties raft) {
        return new RunLoopLifecycle(threads, transfer, raft.electionTimeout());
    }

    @Bean
    PublicationLifecycle publicationLifecycle(Publisher publisher, RunLoop runLoop, ApplicationEventPublisher events) {
        return new PublicationLifecycle(publisher, runLoop, events);
    }
}
