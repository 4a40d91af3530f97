package io.quorate.raft.confchange;

import io.quorate.base.Numbered;

/** What happens to one member, with the numbers on the wire and in the WAL. */
public enum ChangeType implements Numbered {
    /** Becomes a voter, also when it was a learner. */
    ADD_NODE(0, "ConfChangeAddNode", 'v'),
    /** Leaves. */
    REMOVE_NODE(1, "ConfChangeRemoveNode", 'r'),
    /** Stays what it is; only the application cares, for example about new addresses. */
    UPDATE_NODE(2, "ConfChangeUpdateNode", 'u'),
    /** Becomes a learner, also when it was a voter. */
    ADD_LEARNER_NODE(3, "ConfChangeAddLearnerNode", 'l');

    private final int number;
    private final String label;
    private final char token;

    ChangeType(int number, String label, char token) {
        this.number = number;
        this.label = label;
        this.token = token;
    }

    @Override
    public int number() {
        return number;
    }

    String label() {
        return label;
    }

    char token() {
        return token;
    }
}
