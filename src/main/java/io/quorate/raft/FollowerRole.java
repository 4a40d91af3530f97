package io.quorate.raft;

import io.quorate.raft.Elections.CampaignKind;
import io.quorate.raft.RaftException.ProposalDroppedException;
import io.quorate.raft.Role.RoleHandler;
import io.quorate.raft.log.RaftLog;
import java.util.List;

/** A follower or learner: takes what the leader sends, and passes on to it what only a leader can do. */
final class FollowerRole implements RoleHandler {

    private final Raft raft;
    private final Elections elections;
    private final Membership membership;

    FollowerRole(Raft raft, Elections elections, Membership membership) {
        this.raft = raft;
        this.elections = elections;
        this.membership = membership;
    }

    @Override
    public void step(Message message) {
        switch (message.type()) {
            case PROP -> forwardProposal(message);
            case APP -> {
                raft.followLeader(message.from());
                append(message);
            }
            case HEARTBEAT -> {
                raft.followLeader(message.from());
                heartbeat(message);
            }
            case SNAP -> {
                raft.followLeader(message.from());
                install(message);
            }
            case TRANSFER_LEADER -> forward(message, "leader transfer msg");
            case READ_INDEX -> forward(message, "index reading msg");
            case READ_INDEX_RESP -> readAnswered(message);
            case FORGET_LEADER -> forgetLeader();
            case TIMEOUT_NOW -> timeoutNow(message);
            default -> {} // leftovers of other roles
        }
    }

    // ---- to the leader

    private void forwardProposal(Message message) {
        if (raft.leader() == 0) {
            raft.logger().info(() -> raft.hexId() + " no leader at term " + raft.term() + "; dropping proposal");
            throw new ProposalDroppedException();
        }
        if (raft.config().disableProposalForwarding()) {
            raft.logger()
                    .info(() -> raft.hexId() + " does not forward to leader " + Raft.hex(raft.leader()) + " at term "
                            + raft.term() + "; dropping proposal");
            throw new ProposalDroppedException();
        }
        raft.send(message.toBuilder().to(raft.leader()).term(0).build());
    }

    private void forward(Message message, String what) {
        if (raft.leader() == 0) {
            raft.logger().info(() -> raft.hexId() + " no leader at term " + raft.term() + "; dropping " + what);
            return;
        }
        long term = message.type() == MessageType.READ_INDEX ? 0 : raft.term();
        raft.send(message.toBuilder().to(raft.leader()).term(term).build());
    }

    private void readAnswered(Message message) {
        byte[] context = message.context();
        if (context != null) {
            raft.answerRead(message.index(), context);
        }
    }

    // ---- from the leader

    /** The answer leaves once the entries are durable, see {@link Outbox} (thesis, section 3.5). */
    private void append(Message message) {
        RaftLog log = raft.log();
        if (message.index() < log.committed()) {
            // Late or repeated; what is committed agrees with the leader's log anyway.
            acknowledge(message.from(), log.committed());
            return;
        }
        List<Entry> entries = message.entries();
        if (log.appendAfter(message.index(), message.logTerm(), entries, message.commit())) {
            acknowledge(message.from(), message.index() + entries.size());
            return;
        }
        raft.logger()
                .debug(() -> raft.hexId() + " [logterm: " + log.termOrZero(message.index()) + ", index: "
                        + message.index() + "] rejected MsgApp [logterm: " + message.logTerm() + ", index: "
                        + message.index() + "] from " + Raft.hex(message.from()));
        // Skip everything that cannot match, so that finding where the logs agree takes a message per term, not per
        // entry.
        long hint = log.lastIndexNotAbove(Math.min(message.index(), log.lastIndex()), message.logTerm());
        raft.send(raft.message(MessageType.APP_RESP, message.from())
                .index(message.index())
                .reject(true)
                .rejectHint(hint)
                .logTerm(log.termOrZero(hint))
                .build());
    }

    private void acknowledge(long to, long index) {
        raft.send(raft.message(MessageType.APP_RESP, to).index(index).build());
    }

    private void heartbeat(Message message) {
        raft.log().commitTo(message.commit());
        raft.send(raft.message(MessageType.HEARTBEAT_RESP, message.from())
                .context(message.context())
                .build());
    }

    /** The answer leaves once the snapshot is durable, see {@link Outbox} (thesis, chapter 5). */
    private void install(Message message) {
        Snapshot snapshot = message.snapshot();
        if (snapshot == null) {
            return;
        }
        RaftLog log = raft.log();
        boolean restored = membership.restore(snapshot);
        raft.logger()
                .info(() -> raft.hexId() + " [commit: " + log.committed() + "] "
                        + (restored ? "restored" : "ignored") + " snapshot [index: " + snapshot.index() + ", term: "
                        + snapshot.term() + "]");
        acknowledge(message.from(), restored ? log.lastIndex() : log.committed());
    }

    private void forgetLeader() {
        if (raft.isLeaseBased()) {
            // The leader answers reads by the lease that our silence towards others keeps up.
            raft.logger().error(() -> "ignoring MsgForgetLeader due to ReadOnlyLeaseBased");
        } else if (raft.leader() != 0) {
            raft.logger()
                    .info(() ->
                            raft.hexId() + " forgetting leader " + Raft.hex(raft.leader()) + " at term " + raft.term());
            raft.forgetLeader();
        }
    }

    private void timeoutNow(Message message) {
        raft.logger()
                .info(() -> raft.hexId() + " [term " + raft.term() + "] received MsgTimeoutNow from "
                        + Raft.hex(message.from()) + " and starts an election to get leadership.");
        // Without a trial: the leader itself wants this, so no leader is disturbed.
        elections.hup(CampaignKind.TRANSFER);
    }
}
