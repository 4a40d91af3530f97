package io.quorate.node.wal;

import io.quorate.base.Fault;
import io.quorate.raft.Entry;
import io.quorate.raft.HardState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The log of a stopped etcd behind one of its snapshots. Reading changes nothing on disk.
 *
 * @param metadata the member and the cluster that the log belongs to
 * @param state the last hard state; empty if there is none
 * @param entries those behind the snapshot, without holes
 * @param tailCut whether the log ends in a write that did not reach the disk as a whole; it was never promised
 */
@SuppressWarnings("ArrayRecordComponent") // opaque, never compared
public record EtcdLog(byte[] metadata, HardState state, List<Entry> entries, boolean tailCut) {

    private static final RecordFormat FORMAT = new EtcdRecordFormat();

    /**
     * The snapshots noted in a log that a member may start from, oldest first.
     *
     * @throws WalCorruptException if what was durable is damaged
     */
    public static List<WalSnapshot> snapshots(Path directory, Disk disk) {
        SnapshotCollector collector = new SnapshotCollector();
        try {
            new WalReader(directory, disk, collector, FORMAT).read(Wal.existing(directory, disk));
        } catch (IOException failed) {
            throw cannotRead(directory, failed);
        }
        return collector.usable();
    }

    /**
     * Reads a log behind a snapshot, which must be one of {@link #snapshots}; {@link WalSnapshot#NONE} reads all of it.
     *
     * @throws WalCorruptException if what was durable is damaged or missing
     */
    public static EtcdLog read(Path directory, WalSnapshot from, Disk disk) {
        try {
            List<SegmentName> needed = Segments.behind(directory, Wal.existing(directory, disk), from.index());
            LogReplay replay = new LogReplay(from, needed.getFirst().previousIndex());
            WalReader reader = new WalReader(directory, disk, replay, FORMAT);
            WalReader.Tail tail = reader.read(needed);
            Wal.finish(directory, replay, tail);
            return new EtcdLog(reader.metadata(), replay.state(), replay.entries(), tail.torn() != null);
        } catch (IOException failed) {
            throw cannotRead(directory, failed);
        }
    }

    private static Fault cannotRead(Path directory, IOException failed) {
        return new Fault("cannot read the log in " + directory + ": " + failed.getMessage(), failed);
    }
}
