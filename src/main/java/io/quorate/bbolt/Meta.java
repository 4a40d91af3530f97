package io.quorate.bbolt;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a meta page says.
 *
 * @param pageSize in bytes
 * @param root page of the bucket of buckets
 * @param freelist page of the list of free pages; {@link #NO_FREELIST} if the file has none, as those of etcd
 * @param highWater the first page that is not part of the file
 * @param transaction number of the transaction that wrote it
 */
public record Meta(int pageSize, long root, long freelist, long highWater, long transaction) {

    static final long NO_FREELIST = -1;

    /** Bytes with the checksum. */
    static final int BYTES = 64;

    private static final int MAGIC = 0xED0CDAED;
    private static final int VERSION = 2;
    private static final int CHECKSUM_AT = BYTES - Long.BYTES;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** Writes it behind the header of a page; the buffer stands there and is little endian. */
    void put(ByteBuffer page) {
        int start = page.position();
        page.putInt(MAGIC).putInt(VERSION).putInt(pageSize).putInt(0);
        page.putLong(root).putLong(0).putLong(freelist).putLong(highWater).putLong(transaction);
        page.putLong(checksum(page, start));
    }

    /** Reads it, if the bytes there are a meta page with a checksum that fits; null otherwise. */
    static @Nullable Meta parse(ByteBuffer page, int start) {
        if (page.limit() < start + BYTES
                || page.getInt(start) != MAGIC
                || page.getInt(start + 4) != VERSION
                || page.getLong(start + CHECKSUM_AT) != checksum(page, start)) {
            return null;
        }
        return new Meta(
                page.getInt(start + 8),
                page.getLong(start + 16),
                page.getLong(start + 32),
                page.getLong(start + 40),
                page.getLong(start + 48));
    }

    /** FNV-1a of what stands before the checksum. */
    private static long checksum(ByteBuffer page, int start) {
        long hash = FNV_OFFSET;
        for (int i = start; i < start + CHECKSUM_AT; i++) {
            hash = (hash ^ (page.get(i) & 0xff)) * FNV_PRIME;
        }
        return hash;
    }
}
