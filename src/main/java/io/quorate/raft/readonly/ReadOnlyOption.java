package io.quorate.raft.readonly;

/** How a leader makes sure that it still leads before it answers a read (thesis, section 6.4). */
public enum ReadOnlyOption {
    /** By a round of heartbeats that a quorum answers. */
    SAFE,
    /**
     * By its lease: within an election timeout of the last contact with a quorum nobody else can have been elected.
     * Needs check-quorum, and clocks that run at about the same speed on all members (thesis, section 6.4.1). The lease is as
     * coarse as check-quorum, which looks once in an election timeout; a voter that restarts, that forgets its leader, or that
     * takes part in a transfer does not respect it. So answers may be stale when any of this comes together with a partition:
     * the members of this service confirm reads with {@link #SAFE} only.
     */
    LEASE_BASED
}
