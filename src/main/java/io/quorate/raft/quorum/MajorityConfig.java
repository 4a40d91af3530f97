package io.quorate.raft.quorum;

import org.jspecify.annotations.Nullable;

/**
 * A set of voters that decides by simple majority. Without voters it never stands in the way: the committed index is
 * infinite and every vote is won, which is what makes an absent half of a {@link JointConfig} neutral.
 *
 * @param voters the members whose answers count
 */
public record MajorityConfig(IdSet voters) {

    /** The majority that agrees to everything. */
    public static final MajorityConfig EMPTY = new MajorityConfig(IdSet.EMPTY);

    /** The committed index of a majority without voters. */
    public static final long INFINITE_INDEX = Long.MAX_VALUE;

    /** How many voters a decision takes. */
    public int quorumSize() {
        return voters.size() / 2 + 1;
    }

    /**
     * The highest index that a majority holds.
     *
     * <p>For example with voters at 5, 9 and nothing known of the third: ascending that is 0, 5, 9, and position
     * {@code 3 - 2 = 1} says that two of three hold everything up to 5.
     */
    public long committedIndex(AckedIndexes acked) {
        int size = voters.size();
        if (size == 0) {
            return INFINITE_INDEX;
        }
        long[] sorted = new long[size];
        for (int count = 0; count < size; count++) {
            long index = Math.max(0, acked.ackedIndex(voters.get(count)));
            int position = count;
            while (position > 0 && sorted[position - 1] > index) {
                sorted[position] = sorted[position - 1];
                position--;
            }
            sorted[position] = index;
        }
        return sorted[size - quorumSize()];
    }

    /** How the vote stands, given the ballots so far. */
    public VoteResult voteResult(Ballots ballots) {
        int size = voters.size();
        if (size == 0) {
            return VoteResult.WON;
        }
        int granted = 0;
        int missing = 0;
        for (int i = 0; i < size; i++) {
            Boolean ballot = ballots.ballotOf(voters.get(i));
            if (ballot == null) {
                missing++;
            } else if (ballot) {
                granted++;
            }
        }
        if (granted >= quorumSize()) {
            return VoteResult.WON;
        }
        return granted + missing >= quorumSize() ? VoteResult.PENDING : VoteResult.LOST;
    }

    /** Up to where each voter is known to hold the log. */
    @FunctionalInterface
    public interface AckedIndexes {

        /** The answer for a voter nothing is known of; counts as index 0. */
        long UNKNOWN = -1;

        /** The highest index that the voter has acknowledged, or {@link #UNKNOWN}. */
        long ackedIndex(long id);
    }

    /** What each voter has said so far. */
    @FunctionalInterface
    public interface Ballots {

        /** True for yes, false for no, null while the voter has not answered. */
        @Nullable
        Boolean ballotOf(long id);
    }

    /** How a vote stands. */
    public enum VoteResult {
        /** Neither a majority of yes nor of no is certain yet. */
        PENDING,
        /** A majority of yes is out of reach. */
        LOST,
        /** A majority said yes. */
        WON
    }
}
