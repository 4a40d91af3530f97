package io.quorate.node.wal;

import io.quorate.raft.Entry;
import io.quorate.raft.HardState;

/** Ends the reading of a log at the first record that holds a promise, by refusing it. */
final class FirstRecord implements RecordSink {

    @Override
    public void entry(Entry entry) throws InconsistentLogException {
        throw found();
    }

    @Override
    public void state(HardState state) throws InconsistentLogException {
        throw found();
    }

    @Override
    public void snapshot(WalSnapshot snapshot) throws InconsistentLogException {
        if (snapshot.index() > 0) {
            throw found();
        }
    }

    private static InconsistentLogException found() {
        return new InconsistentLogException("the log is written");
    }
}
