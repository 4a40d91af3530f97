package io.quorate.raft;

/** The four states of a member (thesis, section 3.4, and 9.6 for the pre-candidate). */
public enum Role {
    FOLLOWER,
    CANDIDATE,
    LEADER,
    PRE_CANDIDATE
}
