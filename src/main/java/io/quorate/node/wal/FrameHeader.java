package io.quorate.node.wal;

import io.quorate.base.Varint;
import java.io.IOException;

/**
 * The part of a frame before its data, parsed from the file: length field, type, checksum, length of the data.
 *
 * <p>The length is in it twice, outside and inside the record. A flipped bit changes one of them only and is noticed
 * before the length is used to skip or read anything.
 *
 * <p>Used by one thread at a time: the reader of a log.
 */
final class FrameHeader {

    /** Length field. */
    static final int LENGTH_BYTES = 8;

    /** Type with tag (2), checksum with tag (1 + 5), length of the data with tag (1 + 5). */
    private static final int PREFIX_BYTES_MAX = 14;

    private static final int TAG_TYPE = 0x08;
    private static final int TAG_CRC = 0x10;
    private static final int TAG_DATA = 0x1a;
    private static final long RECORD_BYTES_MAX = Integer.MAX_VALUE - 64L;
    private static final int PADDING_MARK = 0x80;

    /** What a number of 32 bits takes at most. */
    private static final int NUMBER_BYTES_MAX = 5;

    private final FileWindow window;
    private final long position;
    private final long recordBytes;
    private final long end;

    private int readable;
    private int offset;
    private int at;
    private boolean unwritten;

    private int typeNumber;
    private int crc;
    private boolean hasData;
    private int dataBytes;

    private FrameHeader(FileWindow window, long position, long recordBytes, long end) {
        this.window = window;
        this.position = position;
        this.recordBytes = recordBytes;
        this.end = end;
    }

    static long frameBytes(long recordBytes) {
        return LENGTH_BYTES + recordBytes + paddingOf(recordBytes);
    }

    /** The length field of a record. */
    static long lengthField(long recordBytes) {
        int padding = paddingOf(recordBytes);
        return padding == 0 ? recordBytes : recordBytes | (long) (PADDING_MARK | padding) << 56;
    }

    private static int paddingOf(long recordBytes) {
        return (int) (-recordBytes & 7);
    }

    /** Whether a word can be the length field of any frame. */
    static boolean isLengthField(long word) {
        long recordBytes = word & (-1L >>> 8);
        return recordBytes >= 4 && recordBytes <= RECORD_BYTES_MAX && word == lengthField(recordBytes);
    }

    /** The header for a word that {@link #isLengthField}; then {@link #parse}. */
    static FrameHeader at(FileWindow window, long position, long word) {
        long recordBytes = word & (-1L >>> 8);
        return new FrameHeader(window, position, recordBytes, position + frameBytes(recordBytes));
    }

    /** The number of a known {@link RecordType}. */
    int typeNumber() {
        return typeNumber;
    }

    /** The checksum that the record carries. */
    int crc() {
        return crc;
    }

    /** Whether there is a data field, be it empty. */
    boolean hasData() {
        return hasData;
    }

    int dataBytes() {
        return dataBytes;
    }

    /** The position right behind the frame. */
    long end() {
        return end;
    }

    /** Where the data begins. */
    long dataPosition() {
        return position + LENGTH_BYTES + recordBytes - dataBytes;
    }

    /**
     * Reads the fields. False when they are wrong, or when they end early because the file or the written sectors do:
     * then {@link #isUnwritten}.
     */
    boolean parse() throws IOException {
        long prefixEnd = Math.min(position + LENGTH_BYTES + Math.min(recordBytes, PREFIX_BYTES_MAX), window.size());
        if (parseUpTo(prefixEnd)) {
            return true;
        }
        // zeros behind the sector's end may be what was there before the write
        return parseUpTo(Math.min(prefixEnd, writtenEnd(prefixEnd)));
    }

    private boolean parseUpTo(long limit) throws IOException {
        at = 0;
        unwritten = false;
        readable = (int) (limit - position - LENGTH_BYTES);
        offset = window.offsetOf(position + LENGTH_BYTES, readable);
        if (next() != TAG_TYPE) {
            return false;
        }
        typeNumber = next();
        if (!RecordType.isKnown(typeNumber) || next() != TAG_CRC) {
            return false;
        }
        crc = (int) varint();
        if (at < 0) {
            return false;
        }
        hasData = at < recordBytes;
        dataBytes = 0;
        if (!hasData) {
            return true;
        }
        if (next() != TAG_DATA) {
            return false;
        }
        long length = varint();
        dataBytes = (int) length;
        return at >= 0 && at + length == recordBytes;
    }

    /** After {@link #parse} said no: the bytes that were missing may never have reached the disk. */
    boolean isUnwritten() {
        return unwritten;
    }

    /** Where the fields end because the next sector holds nothing of this frame. */
    private long writtenEnd(long prefixEnd) throws IOException {
        long boundary = FrameReader.sectorEnd(position);
        if (prefixEnd <= boundary) {
            return prefixEnd;
        }
        long portionEnd = Math.min(Math.min(end, window.size()), FrameReader.sectorEnd(boundary));
        return window.isZero(boundary, portionEnd) ? boundary : prefixEnd;
    }

    private int next() {
        if (at < 0 || at >= readable) {
            unwritten |= at >= 0 && at < recordBytes;
            at = -1;
            return -1;
        }
        return window.array()[offset + at++] & 0xff;
    }

    /** A number of at most 32 bits; {@code at} is negative afterwards if there was none. */
    private long varint() {
        if (at < 0) {
            return 0;
        }
        int from = offset + at;
        int most = Math.min(offset + readable, from + NUMBER_BYTES_MAX);
        int end = Varint.end(window.array(), from, most);
        if (end < 0) {
            boolean cutOff = most - from < NUMBER_BYTES_MAX;
            unwritten |= cutOff && Math.max(at, readable) < recordBytes;
            at = -1;
            return 0;
        }
        long value = Varint.get(window.array(), from, end);
        at = value >>> Integer.SIZE == 0 ? end - offset : -1;
        return value;
    }
}
