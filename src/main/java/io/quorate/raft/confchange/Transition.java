package io.quorate.raft.confchange;

/** Whether a change goes through a joint configuration; the ordinals are the numbers on the wire and in the WAL. */
public enum Transition {
    /** Only when more than one member changes, and the leader then leaves it by itself. */
    AUTO("ConfChangeTransitionAuto"),
    /** Always, and the leader leaves it by itself. */
    JOINT_IMPLICIT("ConfChangeTransitionJointImplicit"),
    /** Always, until an empty change is proposed. */
    JOINT_EXPLICIT("ConfChangeTransitionJointExplicit");

    private final String label;

    Transition(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
