package io.quorate.mvcc;

import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Keys of the {@code VERSIONS} family: a client's key, then the inverted revision of one change to it, so that the entries
 * of a key stand together with the newest first.
 *
 * <p>The client's key is escaped so that entries sort by key first, whatever bytes it has: a zero byte becomes {@code 00 ff}
 * and {@code 00 01} ends the key. Example: the entry of key {@code a} at revision 5, sub 1 is {@code 61 00 01}, then
 * {@code ff ff ff ff ff ff ff fa}, then {@code ff ff ff fe}.
 */
final class VersionKey {

    /** The value of an entry that stands for a put. */
    static final byte[] PUT = {};

    /** The value of an entry that stands for a deletion. */
    static final byte[] TOMBSTONE = {'t'};

    private static final int REVISION_BYTES = Long.BYTES + Integer.BYTES;
    private static final byte ESCAPED_ZERO = (byte) 0xff;
    private static final byte END = 1;

    private VersionKey() {}

    static byte[] of(Bytes key, Revision revision) {
        return of(escape(key), revision);
    }

    /** The entry of an escaped key. */
    static byte[] of(byte[] escaped, Revision revision) {
        byte[] entry = Arrays.copyOf(escaped, escaped.length + REVISION_BYTES);
        ByteBuffer.wrap(entry, escaped.length, REVISION_BYTES)
                .putLong(~revision.main())
                .putInt(~revision.sub());
        return entry;
    }

    /** The first place where an entry of the key at or below the main revision can stand. */
    static byte[] newestAt(byte[] escaped, long mainRevision) {
        return of(escaped, new Revision(mainRevision, Integer.MAX_VALUE));
    }

    /** The place behind all entries of the key. */
    static byte[] behind(byte[] escaped) {
        byte[] place = escaped.clone();
        place[place.length - 1]++;
        return place;
    }

    /** The escaped key with its end; every entry of the key begins with it, and entries of no other key do. */
    static byte[] escape(Bytes key) {
        byte[] raw = key.unwrap();
        int zeros = 0;
        for (byte value : raw) {
            zeros += value == 0 ? 1 : 0;
        }
        byte[] escaped = new byte[raw.length + zeros + 2];
        int written = 0;
        for (byte value : raw) {
            escaped[written++] = value;
            if (value == 0) {
                escaped[written++] = ESCAPED_ZERO;
            }
        }
        escaped[written + 1] = END;
        return escaped;
    }

    /** The escaped key of an entry. */
    static byte[] escapedOf(byte[] entry) {
        return Arrays.copyOf(entry, entry.length - REVISION_BYTES);
    }

    /** The client's key of an entry. */
    static Bytes keyOf(byte[] entry) {
        int end = entry.length - REVISION_BYTES - 2;
        Fault.check(end >= 0 && entry[end] == 0 && entry[end + 1] == END, "an entry of VERSIONS has no end of key");
        byte[] raw = new byte[end];
        int length = 0;
        for (int i = 0; i < end; i++) {
            raw[length++] = entry[i];
            if (entry[i] == 0) {
                i++;
            }
        }
        return Bytes.wrap(length == end ? raw : Arrays.copyOf(raw, length));
    }

    static long mainOf(byte[] entry) {
        return ~ByteBuffer.wrap(entry).getLong(entry.length - REVISION_BYTES);
    }

    static Revision revisionOf(byte[] entry) {
        return new Revision(mainOf(entry), ~ByteBuffer.wrap(entry).getInt(entry.length - Integer.BYTES));
    }

    /** Whether the entry belongs to the escaped key. */
    static boolean belongsTo(byte[] entry, byte[] escaped) {
        int length = entry.length - REVISION_BYTES;
        return length == escaped.length && Arrays.equals(entry, 0, length, escaped, 0, length);
    }
}
