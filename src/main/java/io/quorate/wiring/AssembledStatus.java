package io.quorate.wiring;

import io.quorate.assembly.ConsensusAssembly;
import io.quorate.assembly.ProposalAssembly;
import io.quorate.assembly.ServerAssembly;
import io.quorate.assembly.StateAssembly;
import io.quorate.config.LiveSettings;
import io.quorate.config.MemberSettings;
import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.membership.Versions;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.ops.MemberStatus;
import io.quorate.server.ApplyProgress;
import io.quorate.server.ConsensusState;
import io.quorate.storage.DatabaseStatistics;
import java.util.Objects;
import lombok.RequiredArgsConstructor;

/** What a member says about itself, asked of its parts; nothing in here waits. */
@RequiredArgsConstructor
class AssembledStatus implements MemberStatus {

    private final MemberSettings settings;
    private final LiveSettings live;
    private final StateAssembly state;
    private final ConsensusAssembly consensus;
    private final ProposalAssembly proposals;
    private final ServerAssembly server;
    private final PeerNetwork network;

    @Override
    public Identity identity() {
        Membership membership = state.membership();
        return new Identity(
                settings.name(),
                membership.localId(),
                membership.clusterId(),
                Versions.SERVER,
                Objects.requireNonNullElse(membership.clusterVersion(), ""));
    }

    @Override
    public Consensus consensus() {
        ApplyProgress progress = consensus.progress();
        ConsensusState known = consensus.state();
        long applied = progress.appliedIndex();
        Member self = state.membership().member(state.membership().localId());
        return Consensus.builder()
                .leaderId(known.leader())
                .role(known.role())
                .learner(self != null && self.isLearner())
                .term(consensus.node().status().term())
                .committedIndex(Math.max(known.committedIndex(), applied))
                .appliedIndex(applied)
                .appliedTerm(progress.appliedTerm())
                .diskSnapshotIndex(progress.diskSnapshotIndex())
                .memorySnapshotIndex(progress.memorySnapshotIndex())
                .confState(progress.confState())
                .proposalsPending(proposals.pending().size())
                .schedulerQueueDepth(server.scheduler().pending())
                .inboxDepth(consensus.node().pending())
                .lastFsyncNanos(consensus.writer().lastSyncNanos())
                .build();
    }

    @Override
    public Store store() {
        // Both sizes of the same moment: the size that the quota is compared with is an estimate between two counts.
        DatabaseStatistics database = state.database().statistics();
        return Store.builder()
                .currentRevision(state.store().currentRevision())
                .compactedRevision(state.store().compactedRevision())
                .sizeBytes(database.sizeBytes())
                .sizeInUseBytes(database.sizeInUseBytes())
                .quotaBytes(Math.max(0, live.now().backend().quotaBackendBytes().toBytes()))
                .build();
    }

    @Override
    public boolean isFoundedAnew() {
        return network.isForgotten() && state.membership().members().size() == 1;
    }

    @Override
    public boolean threadsAlive() {
        return server.threads().areAlive();
    }
}
