package io.quorate.node.wal;

import io.quorate.base.Fault;
import io.quorate.node.wal.RecordSink.InconsistentLogException;
import io.quorate.raft.Entry;
import io.quorate.raft.HardState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * The write-ahead log: what a member has promised, in etcd's file format.
 *
 * <p>Appending gathers; {@link #sync} writes what was gathered and makes it durable, and only then may anything that
 * depends on it be sent or acknowledged. The caller decides what goes into a batch. After a failed write or sync nobody
 * knows what is on the disk: the log refuses everything from then on and the process must end.
 *
 * <p>One thread at a time uses a log; {@link #releaseTo}, {@link #purge} and {@link #bytesWritten} may be called from others. The
 * user must not be interrupted, see {@link Disk}.
 */
@Slf4j
public final class Wal implements AutoCloseable {

    private static final byte[] NOTHING = {};

    private final Path directory;
    private final WalSettings options;
    private final byte[] metadata;
    private final Segments segments;
    private final SpareSegment spare;
    private final FrameWriter writer;
    private final byte[] head = new byte[RecordCodec.HEAD_BYTES_MAX];

    private HardState state;
    private long lastIndex;
    private long segmentBytes;
    private long segmentHeadBytes;
    private boolean batchBegun;
    private boolean closed;
    private @Nullable Fault failure;
    private volatile long bytesWritten;
    private long lastWriteNanos;

    /**
     * What a log contained.
     *
     * @param wal the log, ready to be appended to
     * @param metadata what was given when it was created
     * @param hardState the last one; empty when none was ever written
     * @param entries those behind the snapshot, without holes
     * @param tailCut whether a write that never became durable was cut off
     */
    @SuppressWarnings("ArrayRecordComponent") // opaque, never compared
    public record Recovery(Wal wal, byte[] metadata, HardState hardState, List<Entry> entries, boolean tailCut) {}

    private Wal(Path directory, WalSettings options, byte[] metadata, Segments segments, FrameWriter writer) {
        this.directory = directory;
        this.options = options;
        this.metadata = metadata;
        this.segments = segments;
        this.writer = writer;
        this.spare = new SpareSegment(directory, options);
        this.state = HardState.EMPTY;
    }

    /** Whether a directory holds a log. */
    public static boolean exists(Path directory) {
        return exists(directory, WalSettings.DEFAULT);
    }

    /** Whether a directory holds a log. */
    public static boolean exists(Path directory, WalSettings options) {
        try {
            return !Segments.list(directory, options.disk()).isEmpty();
        } catch (IOException failed) {
            throw cannot("look for a log in " + directory, failed);
        }
    }

    /**
     * Whether a log says more than whose it is. One that does not stems from a start that ended before its first write: it
     * promised nothing. Reads up to the first record that counts.
     *
     * @return true also for a damaged log, so that opening it tells what is damaged
     */
    public static boolean isWritten(Path directory, WalSettings options) {
        try {
            List<SegmentName> segments = existing(directory, options.disk());
            if (segments.size() > 1 || segments.getFirst().previousIndex() != 0) {
                return true;
            }
            new WalReader(directory, options.disk(), new FirstRecord()).read(segments);
            return false;
        } catch (WalCorruptException written) {
            return true;
        } catch (IOException failed) {
            throw cannot("read the log in " + directory, failed);
        }
    }

    /** Deletes a log that is not {@linkplain #isWritten written}; its names are durably gone on return. */
    public static void discardUnwritten(Path directory, WalSettings options) {
        Fault.check(!isWritten(directory, options), "the log in %s is in use", directory);
        try {
            for (SegmentName segment : existing(directory, options.disk())) {
                options.disk().delete(directory.resolve(segment.toString()));
            }
            options.disk().syncDirectory(directory);
        } catch (IOException failed) {
            throw cannot("delete the unwritten log in " + directory, failed);
        }
    }

    /**
     * Begins a log; it is durable on return. A crash in between leaves no log.
     *
     * @param metadata opaque, repeated in every segment: etcd puts cluster and member id there
     */
    public static Wal create(Path directory, byte[] metadata, WalSettings options) {
        if (exists(directory, options)) {
            throw new IllegalStateException("there is a log in " + directory + " already");
        }
        try {
            options.disk().createDirectories(directory);
            SpareSegment.deleteLeftOvers(directory, options.disk());
            SpareSegment allocator = new SpareSegment(directory, options);
            DiskFile file = allocator.take(0);
            FrameWriter writer = new FrameWriter(options.bufferBytes(), new RunningCrc(), file, 0);
            Wal wal = new Wal(directory, options, metadata, new Segments(directory, options.disk(), List.of()), writer);
            wal.beginSegment(file, new SegmentName(0, 0));
            return wal;
        } catch (IOException failed) {
            throw cannot("create a log in " + directory, failed);
        }
    }

    /**
     * Opens a log behind a snapshot, which must be one of {@link #snapshots}; {@link WalSnapshot#NONE} reads all of it.
     *
     * @throws WalCorruptException if something that was durable is damaged or missing
     */
    public static Recovery open(Path directory, WalSnapshot from, WalSettings options) {
        try {
            Disk disk = options.disk();
            List<SegmentName> names = existing(directory, disk);
            List<SegmentName> needed = Segments.behind(directory, names, from.index());
            LogReplay replay = new LogReplay(from, needed.getFirst().previousIndex());
            WalReader reader = new WalReader(directory, disk, replay);
            WalReader.Tail tail = reader.read(needed);
            finish(directory, replay, tail);
            SpareSegment.deleteLeftOvers(directory, disk);

            Path newest = directory.resolve(tail.segment().toString());
            DiskFile file = disk.open(newest);
            if (tail.torn() != null) {
                log.warn("Cutting {} at offset {}: {}", newest, tail.position(), tail.torn());
                clearBehind(file, tail.position());
            }
            FrameWriter writer = new FrameWriter(options.bufferBytes(), reader.crc(), file, tail.position());
            writer.endBatch();
            file.sync(true);
            Segments segments = new Segments(directory, disk, names);
            Wal wal = new Wal(directory, options, reader.metadata(), segments, writer);
            wal.state = replay.state();
            wal.lastIndex = replay.last();
            wal.segmentBytes = file.size();
            return new Recovery(wal, reader.metadata(), replay.state(), replay.entries(), tail.torn() != null);
        } catch (IOException failed) {
            throw cannot("open the log in " + directory, failed);
        }
    }

    static List<SegmentName> existing(Path directory, Disk disk) throws IOException {
        List<SegmentName> names = Segments.list(directory, disk);
        if (names.isEmpty()) {
            throw new IllegalStateException("there is no log in " + directory);
        }
        return names;
    }

    static void finish(Path directory, LogReplay replay, WalReader.Tail tail) {
        try {
            replay.finish();
        } catch (InconsistentLogException inconsistent) {
            throw new WalCorruptException(
                    directory.resolve(tail.segment().toString()),
                    tail.position(),
                    String.valueOf(inconsistent.getMessage()),
                    inconsistent);
        }
    }

    /** Everything behind the end must be zero before it is appended to, or old bytes would pass for new ones. */
    private static void clearBehind(DiskFile file, long end) throws IOException {
        FileWindow window = new FileWindow(file);
        ByteBuffer zeros = ByteBuffer.allocate(Disk.SECTOR_BYTES);
        for (long position = window.firstNonZero(end, window.size());
                position < window.size();
                position = window.firstNonZero(position, window.size())) {
            long sectorEnd = Math.min(FrameReader.sectorEnd(position), window.size());
            zeros.clear().limit((int) (sectorEnd - position));
            file.write(zeros, position);
            position = sectorEnd;
        }
    }

    /** What was given when the log was created; every segment repeats it. Changes nothing on disk. */
    public static byte[] metadata(Path directory, WalSettings options) {
        try {
            WalReader reader = new WalReader(directory, options.disk(), new SnapshotCollector());
            reader.read(List.of(existing(directory, options.disk()).getLast()));
            return reader.metadata();
        } catch (IOException failed) {
            throw cannot("read the log in " + directory, failed);
        }
    }

    /** The snapshots noted in a log that a member may start from, oldest first; changes nothing on disk. */
    public static List<WalSnapshot> snapshots(Path directory) {
        return snapshots(directory, WalSettings.DEFAULT);
    }

    /** The snapshots noted in a log that a member may start from, oldest first; changes nothing on disk. */
    public static List<WalSnapshot> snapshots(Path directory, WalSettings options) {
        try {
            SnapshotCollector collector = new SnapshotCollector();
            new WalReader(directory, options.disk(), collector).read(existing(directory, options.disk()));
            return collector.usable();
        } catch (IOException failed) {
            throw cannot("read the log in " + directory, failed);
        }
    }

    /**
     * Adds entries, then the state. Entries come first so that a torn write can never leave a state that commits entries
     * which are gone. Entries must follow what is there or replace its end.
     *
     * @param next the hard state, when changed
     */
    public void append(@Nullable HardState next, List<Entry> entries) {
        requireUsable();
        try {
            for (Entry entry : entries) {
                appendEntry(entry);
            }
            if (next != null && !next.equals(state)) {
                appendState(next);
            }
        } catch (IOException | RuntimeException failed) {
            throw fail("write", failed);
        }
    }

    private void appendEntry(Entry entry) throws IOException {
        Fault.check(
                entry.index() >= 1 && entry.index() <= lastIndex + 1,
                "entry %d cannot follow entry %d",
                entry.index(),
                lastIndex);
        int length = RecordCodec.encodeEntryHead(entry, head);
        append(RecordType.ENTRY, head, length, entry.data());
        lastIndex = entry.index();
    }

    private void appendState(HardState next) throws IOException {
        Fault.check(
                next.commit() <= lastIndex && next.term() >= state.term() && next.commit() >= state.commit(),
                "%s cannot follow %s with a log that ends at %d",
                next,
                state,
                lastIndex);
        append(RecordType.STATE, head, RecordCodec.encodeState(next, head), NOTHING);
        state = next;
    }

    /** Index of the last entry, or of a snapshot that is newer. */
    public long lastIndex() {
        return lastIndex;
    }

    /** Notes a snapshot, whose file must be durable already. Comes before the state and the entries that build on it. */
    public void appendSnapshot(WalSnapshot snapshot) {
        requireUsable();
        try {
            append(RecordType.SNAPSHOT, NOTHING, 0, RecordCodec.encodeSnapshot(snapshot));
            lastIndex = Math.max(lastIndex, snapshot.index());
        } catch (IOException | RuntimeException failed) {
            throw fail("write", failed);
        }
    }

    private void append(RecordType type, byte[] headBytes, int headLength, byte[] payload) throws IOException {
        long end = writer.position() + FrameWriter.frameBytesMax((long) headLength + payload.length);
        if (end > segmentBytes && writer.position() > segmentHeadBytes) {
            // the head of the new segment is written from the state, whose encoding may be in use
            byte[] kept = headBytes.clone();
            roll();
            System.arraycopy(kept, 0, headBytes, 0, kept.length);
        }
        if (!batchBegun) {
            writer.appendCrc();
            batchBegun = true;
        }
        writer.append(type, headBytes, headLength, payload);
    }

    /** The old segment ends where its records end, durable, before the new one has a name. */
    private void roll() throws IOException {
        writer.flush();
        DiskFile old = writer.file();
        old.truncate(writer.position());
        old.sync(true);
        SegmentName name = new SegmentName(segments.newest().sequence() + 1, lastIndex + 1);
        beginSegment(spare.take(name.sequence()), name);
        old.close();
    }

    /** The head is durable before the segment has its name, so a segment without one is always damage. */
    private void beginSegment(DiskFile file, SegmentName name) throws IOException {
        writer.switchTo(file, 0);
        writer.appendCrc();
        writer.append(RecordType.METADATA, metadata);
        if (!state.isEmpty()) {
            writer.append(RecordType.STATE, head, RecordCodec.encodeState(state, head), NOTHING);
        }
        if (name.sequence() == 0) {
            writer.append(RecordType.SNAPSHOT, RecordCodec.encodeSnapshot(WalSnapshot.NONE));
        }
        writer.endBatch();
        file.sync(false);
        options.disk().rename(spare.pathOf(name.sequence()), directory.resolve(name.toString()));
        options.disk().syncDirectory(directory);
        segments.add(name);
        segmentBytes = file.size();
        segmentHeadBytes = writer.position();
    }

    /**
     * Makes everything appended durable with one write and one fdatasync; does nothing when there is nothing.
     *
     * @return how long the sync took, in nanoseconds
     * @throws Fault if it failed; then nothing is known about what was appended since the last sync
     */
    public long sync() {
        requireUsable();
        if (!batchBegun) {
            return 0;
        }
        try {
            long begun = options.clock().nanos();
            writer.endBatch();
            bytesWritten = writer.bytesWritten();
            long start = options.clock().nanos();
            lastWriteNanos = start - begun;
            if (options.fsync()) {
                writer.file().sync(false);
            }
            batchBegun = false;
            if (writer.position() > segmentBytes / 4) {
                spare.prepare(segments.newest().sequence() + 1);
            }
            return options.clock().nanos() - start;
        } catch (IOException | RuntimeException failed) {
            throw fail("sync", failed);
        }
    }

    /** Everything up to the index is in a snapshot: segments that hold nothing above it may be purged. */
    public void releaseTo(long index) {
        segments.releaseTo(index);
    }

    /**
     * Deletes released segments, oldest first.
     *
     * @param maxFiles how many files stay at least; 0 keeps all
     * @return how many were deleted
     */
    public int purge(int maxFiles) {
        try {
            return segments.purge(maxFiles);
        } catch (IOException failed) {
            throw cannot("purge the log in " + directory, failed);
        }
    }

    /** How long the write before the newest sync took, in nanoseconds; for the owner of the log. */
    public long lastWriteNanos() {
        return lastWriteNanos;
    }

    /** Bytes handed to the disk since the log was opened. */
    public long bytesWritten() {
        return bytesWritten;
    }

    /** Syncs what is left, unless the log had failed, and closes the files. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        try {
            if (failure == null) {
                sync();
            }
        } finally {
            closed = true;
            closeFiles();
        }
    }

    private void closeFiles() {
        try {
            spare.close(segments.newest().sequence() + 1);
            writer.file().close();
        } catch (IOException failed) {
            throw fail("close", failed);
        }
    }

    private void requireUsable() {
        if (failure != null) {
            throw new Fault("the log takes nothing after an earlier failure: " + failure.getMessage(), failure);
        }
        if (closed) {
            throw new IllegalStateException("the log is closed");
        }
    }

    private Fault fail(String verb, Exception cause) {
        failure = cause instanceof Fault fault ? fault : cannot(verb + " the log in " + directory, cause);
        return failure;
    }

    private static Fault cannot(String what, Exception cause) {
        return new Fault("cannot " + what + ": " + cause.getMessage(), cause);
    }
}
