package io.quorate.storage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A write batch in the form in which RocksDB keeps it, in its log too, built on this side of JNI: one crossing for the whole
 * batch instead of one for each change.
 *
 * <p>The form: 8 bytes that the database fills in, the number of changes as 4 bytes, little-endian, then change after
 * change: a byte for its kind, the number of the family, the key and, if there is one, the value or the end of the range.
 * The number of the family and the lengths before key and value are varints.
 *
 * <p>Used by one thread at a time.
 */
final class BatchBytes {

    private static final int HEADER_BYTES = 12;
    private static final int COUNT_AT = 8;
    private static final int VARINT_BYTES_MAX = 5;
    private static final int KEPT_BYTES_MAX = 512 << 10;

    private static final byte DELETION = 0x4;
    private static final byte VALUE = 0x5;
    private static final byte RANGE_DELETION = 0xe;

    private byte[] bytes;
    private int length = HEADER_BYTES;
    private int count;

    /** @param reserved bytes to make room for at first */
    BatchBytes(int reserved) {
        this.bytes = new byte[Math.max(reserved, HEADER_BYTES)];
    }

    void put(int family, byte[] key, byte[] value) {
        add(VALUE, family, key.length + value.length);
        append(key);
        append(value);
    }

    void delete(int family, byte[] key) {
        add(DELETION, family, key.length);
        append(key);
    }

    void deleteRange(int family, byte[] from, byte[] toExclusive) {
        add(RANGE_DELETION, family, from.length + toExclusive.length);
        append(from);
        append(toExclusive);
    }

    /** Changes that were added. */
    int count() {
        return count;
    }

    /** Bytes of the whole batch. */
    int length() {
        return length;
    }

    /** Forgets the changes; room that only a large batch needs is given back. */
    void clear() {
        length = HEADER_BYTES;
        count = 0;
        if (bytes.length > KEPT_BYTES_MAX) {
            bytes = new byte[KEPT_BYTES_MAX];
        }
    }

    byte[] toByteArray() {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(COUNT_AT, count);
        return Arrays.copyOf(bytes, length);
    }

    private void add(byte kind, int family, int payload) {
        int needed = Math.addExact(Math.addExact(length, payload), 1 + 3 * VARINT_BYTES_MAX);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8)));
        }
        count++;
        bytes[length++] = kind;
        varint(family);
    }

    private void append(byte[] part) {
        varint(part.length);
        System.arraycopy(part, 0, bytes, length, part.length);
        length += part.length;
    }

    private void varint(int number) {
        int rest = number;
        while (rest >= 0x80) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }
}
