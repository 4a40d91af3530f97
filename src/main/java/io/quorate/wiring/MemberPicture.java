package io.quorate.wiring;

import io.quorate.alarm.Alarms;
import io.quorate.api.port.Peer;
import io.quorate.apply.ExecutionTimes;
import io.quorate.apply.KvCounters;
import io.quorate.config.LiveSettings;
import io.quorate.config.MemberProperties;
import io.quorate.lease.LeaseManager;
import io.quorate.maintenance.Defragmentation;
import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.membership.Versions;
import io.quorate.mvcc.MvccStore;
import io.quorate.node.LogWriter;
import io.quorate.node.RaftNode;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.ops.MemberStatus;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.MembershipChanges;
import io.quorate.proposal.PendingProposals;
import io.quorate.proposal.Proposer;
import io.quorate.server.ApplyProgress;
import io.quorate.server.ConsensusState;
import io.quorate.server.ExpiredLeases;
import io.quorate.server.FifoScheduler;
import io.quorate.server.MemberThreads;
import io.quorate.storage.Database;
import io.quorate.storage.DatabaseStatistics;
import io.quorate.watch.WatchHub;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import lombok.RequiredArgsConstructor;

/** Collects what a member says about itself from the parts that know it; nothing in here waits. */
@RequiredArgsConstructor
class MemberPicture implements MemberStatus {

    private final MemberProperties settings;
    private final LiveSettings live;
    private final Membership membership;
    private final Consensing consensing;
    private final Storing storing;
    private final WatchHub watches;
    private final Living living;

    /** The parts that know about consensus. */
    record Consensing(
            RaftNode node,
            LogWriter writer,
            ConsensusState consensus,
            ApplyProgress progress,
            PendingProposals pending,
            Proposer proposer,
            LinearizableReader reader,
            FifoScheduler scheduler) {}

    /** The parts that know about the keys. */
    record Storing(
            Database database,
            MvccStore store,
            KvCounters counters,
            CompactionFigures compactions,
            Defragmentation defragmentation,
            ExecutionTimes times) {}

    /** The parts that know about leases, alarms, threads, peers and members. */
    record Living(
            LeaseManager leases,
            ExpiredLeases expired,
            Alarms alarms,
            MemberThreads threads,
            PeerNetwork network,
            MembershipChanges changes) {}

    @Override
    public Identity identity() {
        return new Identity(
                settings.name(),
                membership.localId(),
                membership.clusterId(),
                Versions.SERVER,
                Objects.requireNonNullElse(membership.clusterVersion(), ""));
    }

    @Override
    public List<Peer> peers() {
        List<Peer> peers = new ArrayList<>();
        PeerNetwork network = living.network();
        network.counters()
                .forEach((id, counters) -> peers.add(Peer.builder()
                        .id(id)
                        .active(network.activeSinceNanos(id) != 0)
                        .sentBytes(counters.sentBytes())
                        .receivedBytes(counters.receivedBytes())
                        .sendFailures(counters.sendFailures())
                        .receiveFailures(counters.receiveFailures())
                        .disconnects(counters.disconnects())
                        .snapshotsBeingSent(counters.snapshotSends().underWay())
                        .snapshotsBeingReceived(counters.snapshotReceives().underWay())
                        .snapshotsSent(counters.snapshotSends().succeeded())
                        .snapshotSendsFailed(counters.snapshotSends().failed())
                        .snapshotsReceived(counters.snapshotReceives().succeeded())
                        .snapshotReceivesFailed(counters.snapshotReceives().failed())
                        .build()));
        return peers;
    }

    @Override
    public Consensus consensus() {
        ApplyProgress progress = consensing.progress();
        ConsensusState consensus = consensing.consensus();
        long applied = progress.appliedIndex();
        Member self = membership.member(membership.localId());
        return Consensus.builder()
                .leaderId(consensus.leader())
                .role(consensus.role())
                .learner(self != null && self.isLearner())
                .term(consensing.node().status().term())
                .committedIndex(Math.max(consensus.committedIndex(), applied))
                .appliedIndex(applied)
                .appliedTerm(progress.appliedTerm())
                .diskSnapshotIndex(progress.diskSnapshotIndex())
                .memorySnapshotIndex(progress.memorySnapshotIndex())
                .confState(progress.confState())
                .leaderChanges(consensus.leaderChanges())
                .proposalsPending(consensing.pending().size())
                .proposalsFailed(consensing.proposer().failedCount()
                        + consensing.pending().expiredCount())
                .readIndexesFailed(consensing.reader().failedCount())
                .slowReadIndexes(consensing.reader().slowCount())
                .heartbeatSendFailures(consensing.node().lateHeartbeats())
                .snapshotsInApplication(progress.isInstalling() ? 1 : 0)
                .promotions(living.changes().promotions())
                .promotionsFailed(living.changes().promotionsFailed())
                .schedulerQueueDepth(consensing.scheduler().pending())
                .inboxDepth(consensing.node().pending())
                .slowApplies(storing.times().slowCount())
                .lastFsyncNanos(consensing.writer().lastSyncNanos())
                .logBytes(consensing.writer().bytesWritten())
                .build();
    }

    @Override
    public Store store() {
        MvccStore store = storing.store();
        KvCounters counters = storing.counters();
        // Both sizes of the same moment: the size that the quota is compared with is an estimate between two counts.
        DatabaseStatistics database = storing.database().statistics();
        return Store.builder()
                .currentRevision(store.currentRevision())
                .compactedRevision(store.compactedRevision())
                .keys(store.keyCount())
                .sizeBytes(database.sizeBytes())
                .sizeInUseBytes(database.sizeInUseBytes())
                .quotaBytes(Math.max(0, live.now().backend().quotaBackendBytes().toBytes()))
                .openReads(storing.database().uses())
                .rewrites(storing.defragmentation().running())
                .putBytes(counters.putBytes())
                .compactedKeys(storing.compactions().removed())
                .lastCompactionEpochSeconds(storing.compactions().lastEndEpochSeconds())
                .ranges(counters.ranges())
                .puts(counters.puts())
                .deletes(counters.deletes())
                .txns(counters.txns())
                .build();
    }

    @Override
    public boolean threadsAlive() {
        return living.threads().areAlive();
    }

    /** Keeping a lease alive never waits for the log here, so the first is always on. */
    @Override
    public List<Feature> features() {
        return List.of(
                new Feature("FastLeaseKeepAlive", "BETA", true),
                new Feature("LeaseCheckpoint", "ALPHA", live.now().backend().leaseCheckpoint()));
    }

    @Override
    public List<RaisedAlarm> alarms() {
        return living.alarms().list().stream()
                .map(alarm -> new RaisedAlarm(alarm.memberId(), alarm.typeName()))
                .toList();
    }

    @Override
    public Activity activity() {
        return Activity.builder()
                .watchStreams(watches.streamCount())
                .watchers(watches.watcherCount())
                .slowWatchers(watches.slowWatcherCount())
                .pendingEvents(watches.pendingEventCount())
                .events(watches.sentEventCount())
                .leasesGranted(living.leases().grantedCount())
                .leasesRenewed(living.leases().renewedCount())
                .leasesRevoked(living.leases().revokedCount())
                .leasesExpired(living.expired().expiredCount())
                .build();
    }
}
