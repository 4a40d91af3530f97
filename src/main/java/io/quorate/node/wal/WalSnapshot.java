package io.quorate.node.wal;

import io.quorate.raft.ConfState;
import io.quorate.raft.Snapshot;

/**
 * The note in the log that a snapshot exists: the place from which the log is read at the next start.
 *
 * @param index the last entry that the snapshot contains; 0 before the first snapshot
 * @param term that entry's term
 * @param confState the configuration at that index; empty in the log of an etcd before 3.5
 */
public record WalSnapshot(long index, long term, ConfState confState) {

    /** The beginning of every log: nothing is in a snapshot yet. */
    public static final WalSnapshot NONE = new WalSnapshot(0, 0, ConfState.EMPTY);

    /** The note for a snapshot. */
    public static WalSnapshot of(Snapshot snapshot) {
        return new WalSnapshot(snapshot.index(), snapshot.term(), snapshot.confState());
    }

    /** Whether both speak of the same state; the configuration is not compared, older logs do not carry it. */
    public boolean matches(long otherIndex, long otherTerm) {
        return index == otherIndex && term == otherTerm;
    }
}
