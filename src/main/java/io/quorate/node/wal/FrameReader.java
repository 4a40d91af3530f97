package io.quorate.node.wal;

import io.quorate.node.wal.ScannedRecord.Damaged;
import io.quorate.node.wal.ScannedRecord.End;
import io.quorate.node.wal.ScannedRecord.Sound;
import io.quorate.node.wal.ScannedRecord.Torn;
import java.io.IOException;

/**
 * Reads frames of one segment and tells a torn write from damage; the rules are explained in the package's
 * documentation. One thread.
 */
final class FrameReader {

    private static final End END = new End();

    private final FileWindow window;
    private final RunningCrc crc;

    FrameReader(FileWindow window, RunningCrc crc) {
        this.window = window;
        this.crc = crc;
    }

    static long sectorEnd(long position) {
        return (position / Disk.SECTOR_BYTES + 1) * Disk.SECTOR_BYTES;
    }

    FileWindow window() {
        return window;
    }

    /** What is at a position. The running checksum moves on only if it is a sound record. */
    ScannedRecord read(long position) throws IOException {
        long left = window.size() - position;
        if (left == 0) {
            return END;
        }
        if (left < FrameHeader.LENGTH_BYTES) {
            return new Torn(0, "the file ends inside a length field");
        }
        long word = window.wordAt(position);
        if (word == 0) {
            return window.isZero(position, Math.min(sectorEnd(position), window.size()))
                    ? END
                    : new Damaged("the length is zero, but the sector is in use behind it");
        }
        if (!FrameHeader.isLengthField(word)) {
            return new Damaged("the length field is none: 0x" + Long.toHexString(word));
        }
        FrameHeader header = FrameHeader.at(window, position, word);
        if (!header.parse()) {
            return header.isUnwritten()
                    ? new Torn(0, "the header of the record is incomplete")
                    : new Damaged("the header of the record is wrong");
        }
        if (header.end() > window.size()) {
            return new Torn(header.end(), "the file ends inside the record");
        }
        return check(position, header);
    }

    private ScannedRecord check(long position, FrameHeader header) throws IOException {
        int frameBytes = (int) (header.end() - position);
        int offset = window.offsetOf(position, frameBytes) + (int) (header.dataPosition() - position);
        RecordType type = RecordType.of(header.typeNumber());
        Sound sound = new Sound(type, header.hasData(), header.crc(), offset, header.dataBytes(), header.end());
        int before = crc.value();
        if (type == RecordType.CRC) {
            return position == 0 || header.crc() == before ? sound : mismatch(position, header, before);
        }
        crc.update(window.array(), offset, header.dataBytes());
        int computed = crc.value();
        if (header.crc() == computed) {
            return sound;
        }
        crc.seed(before);
        return mismatch(position, header, computed);
    }

    /**
     * A torn write leaves at least one sector as it was, and before a write it holds zeros. One flipped bit is no torn
     * write even if the record has such a sector, as a value full of zeros has.
     */
    private ScannedRecord mismatch(long position, FrameHeader header, int computed) throws IOException {
        if (!hasUnwrittenSector(position, header.end())) {
            return new Damaged("the checksum does not match and every sector of the record was written");
        }
        if (RunningCrc.isOneFlippedBit(header.crc(), computed, header.dataBytes())) {
            return new Damaged("the checksum does not match because of a flipped bit");
        }
        return new Torn(header.end(), "the checksum does not match and a sector of the record was not written");
    }

    private boolean hasUnwrittenSector(long from, long to) throws IOException {
        for (long position = from; position < to; position = sectorEnd(position)) {
            if (window.isZero(position, Math.min(sectorEnd(position), to))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a batch begins anywhere behind a position. A batch is only begun after everything before it was synced, so
     * whatever is wrong before it is no torn write.
     *
     * @param from where a frame begins if {@code aligned}; else any multiple of 8
     * @return the position of the batch, or -1
     */
    long findBatchStart(long from, boolean aligned) throws IOException {
        boolean inStep = aligned;
        long position = from;
        while (position + FrameHeader.LENGTH_BYTES <= window.size()) {
            long word = window.wordAt(position);
            FrameHeader header = FrameHeader.isLengthField(word) ? FrameHeader.at(window, position, word) : null;
            boolean whole = header != null && header.end() <= window.size() && header.parse();
            if (header != null && whole && header.typeNumber() == RecordType.CRC.number() && !header.hasData()) {
                return position;
            }
            inStep &= whole;
            position = inStep && header != null ? header.end() : nextInUse(position + FrameHeader.LENGTH_BYTES);
        }
        return -1;
    }

    /** Skips zeros, eight bytes at a time. */
    private long nextInUse(long position) throws IOException {
        long found = window.firstNonZero(Math.min(position, window.size()), window.size());
        return found & -FrameHeader.LENGTH_BYTES;
    }
}
