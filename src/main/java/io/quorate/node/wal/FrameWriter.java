package io.quorate.node.wal;

import io.quorate.base.Varint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Gathers frames in one buffer and writes them to the current segment, so that a batch is one write. One thread.
 *
 * <p>Before a record whose loss could not be told from a flipped bit it puts a filler (see the package's documentation):
 * if all that a sector holds of a frame is a single set bit, then that bit flipped and that sector unwritten look the same.
 * The filler moves the record to a place where they do not.
 */
final class FrameWriter {

    /** Enough to move a record through a whole sector. */
    private static final int FILLERS_MAX = Disk.SECTOR_BYTES / 24 + 1;

    /** What fillers and the start of a batch may add in front of a frame, and the end of a batch behind it. */
    static final int EXTRA_BYTES_MAX = (FILLERS_MAX + 2) * 24;

    private static final byte[] NOTHING = {};
    private static final int TAG_TYPE = 0x08;
    private static final int TAG_CRC = 0x10;
    private static final int TAG_DATA = 0x1a;
    private static final int HEADER_BYTES_MAX = 32;

    private final ByteBuffer buffer;
    private final RunningCrc crc;
    private final byte[] prefix = new byte[HEADER_BYTES_MAX];

    private DiskFile file;
    private long written;
    private long bytesWritten;

    FrameWriter(int bufferBytes, RunningCrc crc, DiskFile file, long position) {
        this.buffer = ByteBuffer.allocateDirect(bufferBytes).order(ByteOrder.LITTLE_ENDIAN);
        this.crc = crc;
        this.file = file;
        this.written = position;
    }

    /** Goes on in another file; the buffer must be flushed. */
    void switchTo(DiskFile next, long position) {
        file = next;
        written = position;
    }

    DiskFile file() {
        return file;
    }

    /** Where the next frame begins. */
    long position() {
        return written + buffer.position();
    }

    /** An upper bound of what a record with that much data takes. */
    static long frameBytesMax(long dataBytes) {
        return FrameHeader.frameBytes(14 + dataBytes) + EXTRA_BYTES_MAX;
    }

    /** A record that carries the checksum so far: at the head of a segment and before a batch. */
    void appendCrc() throws IOException {
        appendFrame(RecordType.CRC, crc.value(), false, NOTHING, 0, NOTHING);
    }

    /** A record that means nothing: the same with an empty data field, so that it begins no batch. */
    private void appendFiller(int value) throws IOException {
        appendFrame(RecordType.CRC, value, true, NOTHING, 0, NOTHING);
    }

    /**
     * Writes everything gathered to the file as the end of a batch. The record that begins the next one must not have its
     * length alone at the end of a sector, and a filler in front of it would have to belong to the batch before.
     */
    void endBatch() throws IOException {
        if (FrameReader.sectorEnd(position()) - position() == FrameHeader.LENGTH_BYTES) {
            appendFiller(crc.value());
        }
        flush();
    }

    /** A record whose data is {@code head} followed by {@code payload}. */
    void append(RecordType type, byte[] head, int headBytes, byte[] payload) throws IOException {
        int before = crc.value();
        crc.update(head, 0, headBytes);
        crc.update(payload, 0, payload.length);
        int value = crc.value();
        int dataBytes = headBytes + payload.length;
        long recordBytes = 2 + 1 + Varint.size(value & 0xffff_ffffL) + 1 + Varint.size(dataBytes) + dataBytes;
        for (int fillers = 0; fillers < FILLERS_MAX && isAmbiguous(recordBytes, head, headBytes, payload); fillers++) {
            appendFiller(before);
        }
        appendFrame(type, value, true, head, headBytes, payload);
    }

    void append(RecordType type, byte[] data) throws IOException {
        append(type, NOTHING, 0, data);
    }

    /** Whether one sector would hold nothing of the frame but a single set bit. */
    private boolean isAmbiguous(long recordBytes, byte[] head, int headBytes, byte[] payload) {
        long begin = position();
        long boundary = FrameReader.sectorEnd(begin);
        long end = begin + FrameHeader.frameBytes(recordBytes);
        if (end <= boundary) {
            return false;
        }
        if (boundary - begin == FrameHeader.LENGTH_BYTES && Long.bitCount(FrameHeader.lengthField(recordBytes)) == 1) {
            return true;
        }
        long inLastSector =
                begin + FrameHeader.LENGTH_BYTES + recordBytes - (end - 1) / Disk.SECTOR_BYTES * Disk.SECTOR_BYTES;
        int fromPayload = (int) Math.min(inLastSector, payload.length);
        int bits = bitCount(payload, payload.length - fromPayload, payload.length);
        long fromHead = inLastSector - fromPayload;
        if (bits > 1 || fromHead > headBytes) {
            return false; // the fields before the data have more than one bit
        }
        return bits + bitCount(head, headBytes - (int) fromHead, headBytes) == 1;
    }

    /** Counts set bits but stops at two. */
    private static int bitCount(byte[] bytes, int from, int to) {
        int bits = 0;
        for (int i = from; i < to && bits < 2; i++) {
            bits += Integer.bitCount(bytes[i] & 0xff);
        }
        return bits;
    }

    private void appendFrame(RecordType type, int value, boolean hasData, byte[] head, int headBytes, byte[] payload)
            throws IOException {
        int dataBytes = headBytes + payload.length;
        int at = 0;
        prefix[at++] = TAG_TYPE;
        prefix[at++] = (byte) type.number();
        prefix[at++] = TAG_CRC;
        at = Varint.put(prefix, at, value & 0xffff_ffffL);
        if (hasData) {
            prefix[at++] = TAG_DATA;
            at = Varint.put(prefix, at, dataBytes);
        }
        long recordBytes = (long) at + dataBytes;
        if (buffer.remaining() < FrameHeader.frameBytes(recordBytes)) {
            flush();
        }
        buffer.putLong(FrameHeader.lengthField(recordBytes));
        buffer.put(prefix, 0, at);
        buffer.put(head, 0, headBytes);
        put(payload);
        for (long left = FrameHeader.frameBytes(recordBytes) - FrameHeader.LENGTH_BYTES - recordBytes;
                left > 0;
                left--) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            buffer.put((byte) 0);
        }
    }

    /** A payload may be larger than the buffer. */
    private void put(byte[] payload) throws IOException {
        int done = 0;
        while (done < payload.length) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int count = Math.min(buffer.remaining(), payload.length - done);
            buffer.put(payload, done, count);
            done += count;
        }
    }

    /** Hands everything gathered to the file. */
    void flush() throws IOException {
        if (buffer.position() > 0) {
            buffer.flip();
            int count = buffer.limit();
            file.write(buffer, written);
            written += count;
            bytesWritten += count;
            buffer.clear();
        }
    }

    /** Bytes handed to files so far. */
    long bytesWritten() {
        return bytesWritten;
    }
}
