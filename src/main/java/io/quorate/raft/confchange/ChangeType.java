package io.quorate.raft.confchange;

/** What happens to one member; the ordinals are the numbers on the wire and in the WAL. */
public enum ChangeType {
    /** Becomes a voter, also when it was a learner. */
    ADD_NODE("ConfChangeAddNode", 'v'),
    /** Leaves. */
    REMOVE_NODE("ConfChangeRemoveNode", 'r'),
    /** Stays what it is; only the application cares, for example about new addresses. */
    UPDATE_NODE("ConfChangeUpdateNode", 'u'),
    /** Becomes a learner, also when it was a voter. */
    ADD_LEARNER_NODE("ConfChangeAddLearnerNode", 'l');

    private final String label;
    private final char token;

    ChangeType(String label, char token) {
        this.label = label;
        this.token = token;
    }

    String label() {
        return label;
    }

    char token() {
        return token;
    }
}
