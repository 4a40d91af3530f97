package io.quorate.mvcc;

import io.quorate.base.Fault;
import java.nio.ByteBuffer;

/**
 * The place of one change in the history of the key space.
 *
 * <p>Stored as etcd stores it: 8 bytes {@code main}, an underscore, 8 bytes {@code sub}, big-endian, so that storage keys
 * sort by time; the record of a deletion has a {@code t} behind it. Example: the second change of revision 5 is
 * {@code 00 00 00 00 00 00 00 05 5f 00 00 00 00 00 00 00 01}.
 *
 * @param main the revision that all changes of one write request share
 * @param sub the number of the change within the request, from 0
 */
public record Revision(long main, int sub) implements Comparable<Revision> {

    private static final byte SEPARATOR = '_';
    private static final byte TOMBSTONE = 't';
    private static final int LENGTH = 2 * Long.BYTES + 1;

    /** The storage key of a put. */
    public byte[] storageKey() {
        return encode(LENGTH).array();
    }

    /** The storage key of a deletion. */
    public byte[] tombstoneKey() {
        ByteBuffer buffer = encode(LENGTH + 1);
        return buffer.put(TOMBSTONE).array();
    }

    /** Reads a storage key of either kind. */
    public static Revision parse(byte[] storageKey) {
        Fault.check(isWellFormed(storageKey), "%d bytes are not the storage key of a revision", storageKey.length);
        ByteBuffer buffer = ByteBuffer.wrap(storageKey);
        return new Revision(buffer.getLong(0), (int) buffer.getLong(Long.BYTES + 1));
    }

    /** Whether bytes are a storage key of either kind. */
    static boolean isWellFormed(byte[] bytes) {
        return (bytes.length == LENGTH || isTombstone(bytes)) && bytes[Long.BYTES] == SEPARATOR;
    }

    /** Whether the storage key is that of a deletion. */
    public static boolean isTombstone(byte[] storageKey) {
        return storageKey.length == LENGTH + 1 && storageKey[LENGTH] == TOMBSTONE;
    }

    @Override
    public int compareTo(Revision other) {
        int order = Long.compare(main, other.main);
        return order != 0 ? order : Integer.compare(sub, other.sub);
    }

    private ByteBuffer encode(int length) {
        return ByteBuffer.allocate(length).putLong(main).put(SEPARATOR).putLong(sub);
    }
}
