package io.quorate.raft.readonly;

/** How a leader makes sure that it still leads before it answers a read (thesis, section 6.4). */
public enum ReadOnlyOption {
    /** By a round of heartbeats that a quorum answers. */
    SAFE,
    /**
     * By its lease: within an election timeout of the last contact with a quorum nobody else can have been elected.
     * Needs check-quorum, and clocks that run at about the same speed on all members (thesis, section 6.4.1).
     */
    LEASE_BASED
}
