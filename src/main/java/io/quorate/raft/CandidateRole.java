package io.quorate.raft;

import io.quorate.raft.RaftException.ProposalDroppedException;
import io.quorate.raft.Role.RoleHandler;

/** A member that campaigns, in earnest or on trial. */
final class CandidateRole implements RoleHandler {

    private final Raft raft;
    private final Elections elections;
    private final FollowerRole followerRole;

    CandidateRole(Raft raft, Elections elections, FollowerRole followerRole) {
        this.raft = raft;
        this.elections = elections;
        this.followerRole = followerRole;
    }

    @Override
    public void step(Message message) {
        MessageType awaited = raft.role() == Role.PRE_CANDIDATE ? MessageType.PRE_VOTE_RESP : MessageType.VOTE_RESP;
        switch (message.type()) {
            case PROP -> {
                raft.logger().info(() -> raft.hexId() + " no leader at term " + raft.term() + "; dropping proposal");
                throw new ProposalDroppedException();
            }
            case APP, HEARTBEAT, SNAP -> yieldTo(message);
            case VOTE_RESP, PRE_VOTE_RESP -> {
                // An answer of the other kind belongs to the trial before this campaign, or to a campaign before this
                // trial.
                if (message.type() == awaited) {
                    elections.countAnswer(message);
                }
            }
            case TIMEOUT_NOW ->
                raft.logger()
                        .debug(() -> raft.hexId() + " [term " + raft.term() + " state "
                                + raft.role().label() + "] ignored MsgTimeoutNow from " + Raft.hex(message.from()));
            default -> {} // leftovers of other roles
        }
    }

    /** Another candidate won this term (thesis, section 3.4). */
    private void yieldTo(Message message) {
        raft.becomeFollower(message.term(), message.from());
        followerRole.step(message);
    }
}
