package io.quorate.node.wal;

import io.quorate.node.wal.RecordSink.InconsistentLogException;
import io.quorate.node.wal.ScannedRecord.Damaged;
import io.quorate.node.wal.ScannedRecord.End;
import io.quorate.node.wal.ScannedRecord.Sound;
import io.quorate.node.wal.ScannedRecord.Torn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads segments in order, checks them and finds where the log ends. Changes nothing on disk. One thread. */
final class WalReader {

    private final Path directory;
    private final Disk disk;
    private final RecordSink sink;
    private final RecordFormat format;
    private final RunningCrc crc = new RunningCrc();
    private byte @Nullable [] metadata;

    /**
     * Where the log ends.
     *
     * @param segment the newest segment
     * @param position where the next record goes
     * @param torn why there is something behind the position that has to be cut; null when there is nothing
     */
    record Tail(
            SegmentName segment, long position, @Nullable String torn) {}

    WalReader(Path directory, Disk disk, RecordSink sink) {
        this(directory, disk, sink, RecordFormat.STRICT);
    }

    WalReader(Path directory, Disk disk, RecordSink sink, RecordFormat format) {
        this.format = format;
        this.directory = directory;
        this.disk = disk;
        this.sink = sink;
    }

    /**
     * Reads the segments, the last of which must be the newest.
     *
     * @throws WalCorruptException if something that was durable is damaged
     */
    Tail read(List<SegmentName> segments) throws IOException {
        for (SegmentName segment : segments.subList(0, segments.size() - 1)) {
            readSegment(segment, segment.equals(segments.getFirst()), false);
        }
        return readSegment(segments.getLast(), segments.size() == 1, true);
    }

    /** The checksum to continue from. */
    RunningCrc crc() {
        return crc;
    }

    /** What was given when the log was created. */
    byte[] metadata() {
        return metadata == null ? new byte[0] : metadata;
    }

    private Tail readSegment(SegmentName segment, boolean first, boolean newest) throws IOException {
        Path path = directory.resolve(segment.toString());
        try (DiskFile file = disk.openForReading(path)) {
            FrameReader reader = new FrameReader(new FileWindow(file), crc);
            long position = 0;
            boolean headed = false;
            while (true) {
                switch (reader.read(position)) {
                    case Sound record -> {
                        headed |= accept(path, position, record, reader, first, headed);
                        position = record.end();
                    }
                    case End() -> {
                        return new Tail(segment, position, end(path, position, reader, headed, newest));
                    }
                    case Torn torn -> {
                        return new Tail(segment, position, cut(path, position, reader, torn, headed && newest));
                    }
                    case Damaged damaged -> throw new WalCorruptException(path, position, damaged.reason());
                }
            }
        }
    }

    /** Hands a record on; says whether it was the metadata, with which the head of a segment is complete. */
    private boolean accept(Path path, long position, Sound record, FrameReader reader, boolean first, boolean headed) {
        try {
            if (position == 0) {
                acceptHead(record, first);
                return false;
            }
            byte[] array = reader.window().array();
            if (record.type() == RecordType.METADATA) {
                acceptMetadata(Arrays.copyOfRange(array, record.offset(), record.offset() + record.length()));
                return true;
            }
            if (!headed && record.type() != RecordType.CRC) {
                throw new InconsistentLogException("the segment does not begin with the metadata");
            }
            acceptContent(array, record);
            return false;
        } catch (InconsistentLogException inconsistent) {
            throw new WalCorruptException(path, position, String.valueOf(inconsistent.getMessage()), inconsistent);
        } catch (IOException malformed) {
            throw new WalCorruptException(
                    path,
                    position,
                    "a " + record.type() + " record cannot be read: " + malformed.getMessage(),
                    malformed);
        }
    }

    private void acceptHead(Sound record, boolean first) throws InconsistentLogException {
        if (record.type() != RecordType.CRC) {
            throw new InconsistentLogException("the segment does not begin with a checksum");
        }
        if (first) {
            crc.seed(record.crc());
        } else if (record.crc() != crc.value()) {
            throw new InconsistentLogException("the segment does not continue the one before it");
        }
    }

    private void acceptMetadata(byte[] found) throws InconsistentLogException {
        if (metadata != null && !Arrays.equals(metadata, found)) {
            throw new InconsistentLogException("the metadata differs from that of earlier records");
        }
        metadata = found;
    }

    private void acceptContent(byte[] array, Sound record) throws IOException, InconsistentLogException {
        int offset = record.offset();
        int length = record.length();
        switch (record.type()) {
            case ENTRY -> sink.entry(format.entry(array, offset, length));
            case STATE -> sink.state(format.state(array, offset, length));
            case SNAPSHOT -> sink.snapshot(format.snapshot(array, offset, length));
            case CRC -> {
                if (length > 0) {
                    throw new InconsistentLogException("a checksum record with data");
                }
            }
            case METADATA -> throw new IllegalStateException("metadata is no content");
        }
    }

    /** The segment seems to end here: everything behind must be unused, or unsynced in the newest one. */
    private @Nullable String end(Path path, long position, FrameReader reader, boolean headed, boolean newest)
            throws IOException {
        FileWindow window = reader.window();
        if (headed && window.isZero(position, window.size())) {
            return null;
        }
        Torn hole = new Torn(0, "a sector was not written, but a later one was");
        return cut(path, position, reader, hole, headed && newest);
    }

    /** Makes sure that what does not follow from the position on had never been synced. */
    private String cut(Path path, long position, FrameReader reader, Torn torn, boolean mayBeTorn) throws IOException {
        if (!mayBeTorn) {
            throw new WalCorruptException(path, position, torn.reason() + ", in a part of the log that was synced");
        }
        boolean aligned = torn.next() > 0;
        long batch = reader.findBatchStart(aligned ? torn.next() : position + FrameHeader.LENGTH_BYTES, aligned);
        if (batch >= 0) {
            throw new WalCorruptException(
                    path,
                    position,
                    torn.reason() + ", but offset " + batch + " was only written after all before it had been synced");
        }
        return torn.reason();
    }
}
