package io.quorate.node;

/** Something to append to the log, and whom to tell if the core refuses to. */
public interface Proposal {

    /** The payload of the entry; never written to after this call. */
    byte[] data();

    /** Whether anybody still waits for it; if not, one that is not in the log yet need not get there. */
    default boolean isAwaited() {
        return true;
    }

    /** The core dropped it: no leader is known, a transfer is running, or too much is uncommitted. It never commits. */
    void dropped();
}
