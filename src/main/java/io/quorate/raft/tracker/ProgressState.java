package io.quorate.raft.tracker;

/** How the leader replicates to a peer. */
public enum ProgressState {
    /** Where the logs agree is not known; one append at a time. */
    PROBE("StateProbe"),
    /** The logs agree; appends are pipelined. */
    REPLICATE("StateReplicate"),
    /** The peer needs a snapshot; no appends until it has one. */
    SNAPSHOT("StateSnapshot");

    private final String label;

    ProgressState(String label) {
        this.label = label;
    }

    /** The name in diagnostic lines. */
    public String label() {
        return label;
    }
}
