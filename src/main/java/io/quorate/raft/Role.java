package io.quorate.raft;

/** The four states of a member (thesis, section 3.4, and 9.6 for the pre-candidate). */
public enum Role {
    FOLLOWER("StateFollower"),
    CANDIDATE("StateCandidate"),
    LEADER("StateLeader"),
    PRE_CANDIDATE("StatePreCandidate");

    private final String label;

    Role(String label) {
        this.label = label;
    }

    /** The name in diagnostic lines. */
    public String label() {
        return label;
    }

    /** What a member does, in one of its roles, with a message that passed the check of its term. */
    interface RoleHandler {

        /** Takes in one message. */
        void step(Message message);
    }
}
