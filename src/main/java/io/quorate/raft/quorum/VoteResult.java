package io.quorate.raft.quorum;

/** How a vote stands. */
public enum VoteResult {
    /** Neither a majority of yes nor of no is certain yet. */
    PENDING,
    /** A majority of yes is out of reach. */
    LOST,
    /** A majority said yes. */
    WON
}
