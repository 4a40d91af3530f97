package io.quorate.raft;

/**
 * A state of the application that replaces the log up to an index (thesis, chapter 5).
 *
 * @param index the last entry that the state contains
 * @param term that entry's term
 * @param confState the configuration at that index
 * @param data the application's description of the state; the core never looks into it
 */
@SuppressWarnings("ArrayRecordComponent") // opaque to the core, never compared
public record Snapshot(long index, long term, ConfState confState, byte[] data) {

    /** The state before the first entry. */
    public static final Snapshot EMPTY = new Snapshot(0, 0, ConfState.EMPTY, new byte[0]);

    public boolean isEmpty() {
        return index == 0;
    }
}
