package io.quorate.raft.quorum;

import io.quorate.raft.quorum.MajorityConfig.AckedIndexes;
import io.quorate.raft.quorum.MajorityConfig.Ballots;
import io.quorate.raft.quorum.MajorityConfig.VoteResult;

/**
 * Two majorities that must both agree, for as long as a membership change of more than one voter lasts (thesis, section
 * 4.3). Outside of such a change the outgoing half is empty.
 *
 * @param incoming the majority that stays
 * @param outgoing the majority that is on its way out
 */
public record JointConfig(MajorityConfig incoming, MajorityConfig outgoing) {

    /** No voters at all. */
    public static final JointConfig EMPTY = new JointConfig(MajorityConfig.EMPTY, MajorityConfig.EMPTY);

    /** The configuration of two sets of voters. */
    public static JointConfig of(IdSet incoming, IdSet outgoing) {
        return new JointConfig(new MajorityConfig(incoming), new MajorityConfig(outgoing));
    }

    public boolean isJoint() {
        return !outgoing.voters().isEmpty();
    }

    /** Whether the member votes in either half. */
    public boolean contains(long id) {
        return incoming.voters().contains(id) || outgoing.voters().contains(id);
    }

    /** Whether this member is the only one whose word counts. */
    public boolean isOnly(long id) {
        return !isJoint() && incoming.voters().size() == 1 && incoming.voters().get(0) == id;
    }

    /** The voters of either half. */
    public IdSet ids() {
        return incoming.voters().union(outgoing.voters());
    }

    /** The highest index that a majority of each half holds. */
    public long committedIndex(AckedIndexes acked) {
        return Math.min(incoming.committedIndex(acked), outgoing.committedIndex(acked));
    }

    /** Won when both halves are won, lost when either is. */
    public VoteResult voteResult(Ballots ballots) {
        VoteResult first = incoming.voteResult(ballots);
        VoteResult second = outgoing.voteResult(ballots);
        if (first == second) {
            return first;
        }
        return first == VoteResult.LOST || second == VoteResult.LOST ? VoteResult.LOST : VoteResult.PENDING;
    }
}
