package io.quorate.node;

/** Data to append to the log, and the callback for a refusal by the core. */
public interface Proposal {

    /** The payload of the entry; never written to after this call. */
    byte[] data();

    /** Whether anybody still waits for it; if not, one that is not in the log yet need not get there. */
    default boolean isAwaited() {
        return true;
    }

    /**
     * The term in which this member must lead for the entry to be appended; 0 if any leader may append it. What a leader
     * decides by its own clock, such as the end of a lease, must never reach its successor.
     */
    default long leaderTerm() {
        return 0;
    }

    /**
     * It was dropped: no leader is known, a transfer is running, too much is uncommitted, or this member does not lead in the
     * {@link #leaderTerm}. It never commits.
     */
    void dropped();

    /** It was dropped because too much is uncommitted. It never commits. */
    default void crowdedOut() {
        dropped();
    }
}
