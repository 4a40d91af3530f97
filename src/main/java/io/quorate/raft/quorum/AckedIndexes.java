package io.quorate.raft.quorum;

/** Up to where each voter is known to hold the log. */
@FunctionalInterface
public interface AckedIndexes {

    /** The answer for a voter nothing is known of; counts as index 0. */
    long UNKNOWN = -1;

    /** The highest index that the voter has acknowledged, or {@link #UNKNOWN}. */
    long ackedIndex(long id);
}
