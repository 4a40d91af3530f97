package io.quorate.node.wal;

import io.quorate.raft.Entry;
import io.quorate.raft.HardState;

/** Takes the records of a log in the order in which they were written. */
interface RecordSink {

    /** Fails when the log cannot be one in which this entry follows. */
    void entry(Entry entry) throws InconsistentLogException;

    /** Fails when the log cannot be one in which this state follows. */
    void state(HardState state) throws InconsistentLogException;

    /** Fails when the log cannot be one in which this note follows. */
    void snapshot(WalSnapshot snapshot) throws InconsistentLogException;

    /** A record that is whole, yet cannot stand where it stands. */
    final class InconsistentLogException extends Exception {

        private static final long serialVersionUID = 1L;

        InconsistentLogException(String reason) {
            super(reason, null, false, false);
        }
    }
}
