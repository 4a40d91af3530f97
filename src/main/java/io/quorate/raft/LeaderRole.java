package io.quorate.raft;

import io.quorate.raft.RaftException.ProposalDroppedException;
import io.quorate.raft.Role.RoleHandler;
import io.quorate.raft.log.RaftLog;
import io.quorate.raft.tracker.Configuration;
import io.quorate.raft.tracker.Progress;
import io.quorate.raft.tracker.ProgressState;
import java.util.List;

/**
 * A leader: takes proposals and reads, follows its peers' progress, hands over.
 *
 * <p>One thread at a time: the owner of the {@link RawNode}.
 */
final class LeaderRole implements RoleHandler {

    private final Raft raft;
    private final Replicator replicator;
    private final ReadIndexQueue reads;
    private final Proposals proposals;

    /**
     * The target of the leadership transfer that is under way; 0 for none. While it is set, proposals are
     * refused. Reset after an election timeout, or when the target leaves the configuration.
     */
    private long transferee;

    LeaderRole(Raft raft, Replicator replicator, ReadIndexQueue reads) {
        this.raft = raft;
        this.replicator = replicator;
        this.reads = reads;
        this.proposals = new Proposals(raft);
    }

    /** Forgets what belongs to one term as leader. */
    void reset() {
        transferee = 0;
        proposals.reset();
        reads.reset();
    }

    /** Begins a term as leader, by an entry of its own, without which nothing older could commit. */
    void start() {
        Progress own = raft.self();
        if (own != null) {
            own.becomeReplicate();
            own.markActive(true);
        }
        proposals.start();
    }

    @Override
    public void step(Message message) {
        switch (message.type()) {
            case BEAT -> reads.heartbeat();
            case CHECK_QUORUM -> checkQuorum();
            case PROP -> propose(message);
            case READ_INDEX -> reads.request(message);
            case FORGET_LEADER -> {} // a leader is its own
            default -> stepFromMember(message);
        }
    }

    private void stepFromMember(Message message) {
        Progress progress = raft.tracker().get(message.from());
        if (progress == null) {
            raft.logger().debug(() -> raft.hexId() + " no progress available for " + Raft.hex(message.from()));
            return;
        }
        switch (message.type()) {
            case APP_RESP -> appendAnswered(message, progress);
            case HEARTBEAT_RESP -> heartbeatAnswered(message, progress);
            case SNAP_STATUS -> snapshotReported(message, progress);
            case UNREACHABLE -> unreachable(progress);
            case TRANSFER_LEADER -> transfer(progress);
            default -> {} // answers to a campaign that is over, or messages of no concern to a leader
        }
    }

    /** Without a quorum in reach there may be another leader already (thesis, section 6.2). */
    private void checkQuorum() {
        if (!raft.tracker().isQuorumActive()) {
            raft.logger().warn(() -> raft.hexId() + " stepped down to follower since quorum is not active");
            raft.becomeFollower(raft.term(), 0);
        }
        for (Progress progress : raft.tracker().members()) {
            if (progress.id() != raft.id()) {
                progress.markActive(false);
            }
        }
    }

    // ---- proposals

    private void propose(Message message) {
        if (raft.self() == null || message.entries().isEmpty()) {
            // A leader that was removed only helps to commit its removal (thesis, section 4.2.2).
            throw new ProposalDroppedException();
        }
        if (transferee != 0) {
            // Each new entry would move the goal that the next leader is to reach.
            raft.logger()
                    .debug(() -> raft.hexId() + " [term " + raft.term() + "] transfer leadership to "
                            + Raft.hex(transferee) + " is in progress; dropping proposal");
            throw new ProposalDroppedException();
        }
        proposals.append(message.entries());
        replicator.broadcast();
    }

    void releaseUncommitted(List<Entry> applied) {
        proposals.release(applied);
    }

    /** Ends a joint configuration that is to end by itself, once nothing before that is left to be applied. */
    void leaveJointIfDue() {
        Configuration configuration = raft.tracker().configuration();
        if (!configuration.autoLeave() || raft.log().applied() < proposals.pendingConfIndex()) {
            return;
        }
        // No data at all, so that no size limit stands in the way.
        Entry leave = new Entry(0, 0, EntryType.CONF_CHANGE_V2, new byte[0]);
        try {
            propose(Message.builder()
                    .type(MessageType.PROP)
                    .from(raft.id())
                    .entries(List.of(leave))
                    .build());
            raft.logger().info(() -> "initiating automatic transition out of joint configuration " + configuration);
        } catch (ProposalDroppedException e) {
            raft.logger()
                    .debug(() -> "not initiating automatic transition out of joint configuration " + configuration
                            + ": " + e.getMessage());
        }
    }

    // ---- answers of peers

    private void appendAnswered(Message message, Progress progress) {
        progress.markActive(true);
        if (message.reject()) {
            appendRejected(message, progress);
        } else if (progress.acknowledge(message.index()) || isProbedAt(progress, message.index())) {
            appendAccepted(message, progress);
        }
    }

    /** An acknowledgement that brings no new index still ends probing. */
    private static boolean isProbedAt(Progress progress, long index) {
        return progress.state() == ProgressState.PROBE && progress.match() == index;
    }

    private void appendRejected(Message message, Progress progress) {
        RaftLog log = raft.log();
        String from = Raft.hex(message.from());
        raft.logger()
                .debug(() -> raft.hexId() + " received MsgAppResp(rejected, hint: (index " + message.rejectHint()
                        + ", term " + message.logTerm() + ")) from " + from + " for index " + message.index());
        long probePoint = message.rejectHint();
        if (message.logTerm() > 0) {
            // Above the hint the peer's terms are higher than any of ours that could match.
            probePoint = log.lastIndexNotAbove(probePoint, message.logTerm());
        }
        if (!progress.reject(message.index(), probePoint)) {
            return;
        }
        raft.logger().debug(() -> raft.hexId() + " decreased progress of " + from + " to [" + progress + "]");
        if (progress.state() == ProgressState.REPLICATE) {
            progress.becomeProbe();
        }
        replicator.trySend(progress, true);
    }

    private void appendAccepted(Message message, Progress progress) {
        boolean self = progress.id() == raft.id();
        switch (progress.state()) {
            case PROBE -> progress.becomeReplicate();
            case SNAPSHOT -> recoverFromSnapshot(progress);
            case REPLICATE -> progress.inflights().freeThrough(message.index());
        }
        if (replicator.advanceCommit()) {
            reads.committed();
            replicator.broadcast();
        } else if (!self && progress.lacksCommit(raft.log().committed())) {
            replicator.trySend(progress, true);
        }
        if (self) {
            return;
        }
        // The window has room again: fill it, as one message may not carry all that is missing.
        boolean sent = true;
        while (sent) {
            sent = replicator.trySend(progress, false);
        }
        if (progress.id() == transferee && progress.match() == raft.log().lastIndex()) {
            raft.logger()
                    .info(() -> raft.hexId() + " sent MsgTimeoutNow to " + Raft.hex(transferee)
                            + " after received MsgAppResp");
            sendTimeoutNow(transferee);
        }
    }

    /** The log reaches back to what the peer has, whether by the snapshot that was sent or by another way. */
    private void recoverFromSnapshot(Progress progress) {
        if (progress.match() + 1 >= raft.log().firstIndex()) {
            raft.logger()
                    .debug(() -> raft.hexId()
                            + " recovered from needing snapshot, resumed sending replication messages to "
                            + Raft.hex(progress.id()) + " [" + progress + "]");
            progress.becomeProbe();
            progress.becomeReplicate();
        }
    }

    private void heartbeatAnswered(Message message, Progress progress) {
        progress.markActive(true);
        progress.resume();
        if (progress.match() < raft.log().lastIndex() || progress.state() == ProgressState.PROBE) {
            replicator.trySend(progress, true);
        }
        reads.heartbeatAnswered(message);
    }

    private void snapshotReported(Message message, Progress progress) {
        if (progress.state() != ProgressState.SNAPSHOT) {
            return;
        }
        if (message.reject()) {
            progress.forgetSnapshot();
        }
        progress.becomeProbe();
        raft.logger()
                .debug(() -> raft.hexId() + (message.reject() ? " snapshot failed" : " snapshot succeeded")
                        + ", resumed sending replication messages to " + Raft.hex(progress.id()) + " [" + progress
                        + "]");
        // After a success the acknowledgement is on its way; after a failure a heartbeat's answer shows that the peer
        // is there again.
        progress.pause();
    }

    private void unreachable(Progress progress) {
        if (progress.state() == ProgressState.REPLICATE) {
            // What is in flight is probably lost, so pipelining more behind it would be rejected.
            progress.becomeProbe();
        }
        raft.logger()
                .debug(() -> raft.hexId() + " failed to send message to " + Raft.hex(progress.id())
                        + " because it is unreachable [" + progress + "]");
    }

    // ---- handing over (thesis, section 3.10)

    long transferee() {
        return transferee;
    }

    void abortTransfer() {
        transferee = 0;
    }

    private void transfer(Progress target) {
        if (target.isLearner()) {
            raft.logger().debug(() -> raft.hexId() + " is learner. Ignored transferring leadership");
            return;
        }
        String to = Raft.hex(target.id());
        if (transferee != 0) {
            String prefix = raft.hexId() + " [term " + raft.term() + "] ";
            if (transferee == target.id()) {
                raft.logger()
                        .info(() -> prefix + "transfer leadership to " + to
                                + " is in progress, ignores request to same node " + to);
                return;
            }
            String previous = Raft.hex(transferee);
            abortTransfer();
            raft.logger().info(() -> prefix + "abort previous transferring leadership to " + previous);
        }
        if (target.id() == raft.id()) {
            raft.logger().debug(() -> raft.hexId() + " is already leader. Ignored transferring leadership to self");
            return;
        }
        raft.logger().info(() -> raft.hexId() + " [term " + raft.term() + "] starts to transfer leadership to " + to);
        // The hand-over gets one full election timeout.
        raft.restartElectionClock();
        transferee = target.id();
        if (target.match() == raft.log().lastIndex()) {
            sendTimeoutNow(target.id());
            raft.logger()
                    .info(() -> raft.hexId() + " sends MsgTimeoutNow to " + to + " immediately as " + to
                            + " already has up-to-date log");
        } else {
            replicator.trySend(target, true);
        }
    }

    private void sendTimeoutNow(long to) {
        reads.endLease();
        raft.send(raft.compose(MessageType.TIMEOUT_NOW, to));
    }
}
