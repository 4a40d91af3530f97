package io.quorate.node;

/** Something to append to the log, and whom to tell if the core refuses to. */
public interface Proposal {

    /** The payload of the entry; never written to after this call. */
    byte[] data();

    /** The core dropped it: no leader is known, a transfer is running, or too much is uncommitted. It never commits. */
    void dropped();
}
