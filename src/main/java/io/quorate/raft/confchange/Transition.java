package io.quorate.raft.confchange;

import io.quorate.base.Numbered;

/** Whether a change goes through a joint configuration, with the numbers on the wire and in the WAL. */
public enum Transition implements Numbered {
    /** Only when more than one member changes, and the leader then leaves it by itself. */
    AUTO(0, "ConfChangeTransitionAuto"),
    /** Always, and the leader leaves it by itself. */
    JOINT_IMPLICIT(1, "ConfChangeTransitionJointImplicit"),
    /** Always, until an empty change is proposed. */
    JOINT_EXPLICIT(2, "ConfChangeTransitionJointExplicit");

    private final int number;
    private final String label;

    Transition(int number, String label) {
        this.number = number;
        this.label = label;
    }

    @Override
    public int number() {
        return number;
    }

    String label() {
        return label;
    }
}
