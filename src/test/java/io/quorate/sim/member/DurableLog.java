package io.quorate.sim.member;

import io.quorate.node.wal.MemoryDisk;
import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalSettings;
import io.quorate.node.wal.WalSnapshot;
import io.quorate.raft.Entry;
import io.quorate.raft.HardState;
import java.nio.file.Path;
import java.util.List;

/**
 * What a member would find in its log if it crashed now and nothing unsynced survived.
 *
 * @param hardState term, vote and commit
 * @param lastIndex where the log ends
 */
record DurableLog(HardState hardState, long lastIndex) {

    /** Reads a copy; the log itself does not notice. */
    static DurableLog read(MemoryDisk disk, Path directory) {
        WalSettings options = WalSettings.DEFAULT.toBuilder()
                .segmentBytes(MemberParts.SEGMENT_BYTES)
                .disk(disk.copy())
                .background(Runnable::run)
                .build();
        if (!Wal.exists(directory, options)) {
            return new DurableLog(HardState.EMPTY, 0);
        }
        List<WalSnapshot> snapshots = Wal.snapshots(directory, options);
        WalSnapshot from = snapshots.isEmpty() ? WalSnapshot.NONE : snapshots.getLast();
        Wal.Recovery recovery = Wal.open(directory, from, options);
        recovery.wal().close();
        List<Entry> entries = recovery.entries();
        return new DurableLog(
                recovery.hardState(),
                entries.isEmpty() ? from.index() : entries.getLast().index());
    }
}
