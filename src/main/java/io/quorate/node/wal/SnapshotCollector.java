package io.quorate.node.wal;

import io.quorate.raft.Entry;
import io.quorate.raft.HardState;
import java.util.ArrayList;
import java.util.List;

/** Collects the snapshot notes of a log. Used by one thread, at the start of a member. */
final class SnapshotCollector implements RecordSink {

    private final List<WalSnapshot> snapshots = new ArrayList<>();
    private long commit;

    @Override
    public void entry(Entry entry) {
        // only the notes matter
    }

    @Override
    public void state(HardState state) {
        commit = state.commit();
    }

    @Override
    public void snapshot(WalSnapshot snapshot) {
        snapshots.add(snapshot);
    }

    /**
     * The snapshots that a member may start from. A note above the last hard state's commit is left out: the crash came
     * between the note and the state that accepts it.
     */
    List<WalSnapshot> usable() {
        return snapshots.stream().filter(snapshot -> snapshot.index() <= commit).toList();
    }
}
