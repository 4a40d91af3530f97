package io.quorate.storage;

import io.quorate.storage.StorageException.StorageCorruptException;
import org.jspecify.annotations.Nullable;

/** Reads records by family and key: from the newest state ({@link Database}) or from a fixed one ({@link View}). */
public interface Reader {

    /**
     * The value of a key, or null when there is none. The array belongs to the caller.
     *
     * @throws StorageException when it cannot be read; {@link StorageCorruptException} when a checksum does not fit
     */
    byte @Nullable [] get(Family family, byte[] key);

    /**
     * A cursor over {@code from <= key < toExclusive} in ascending order, standing at the first such record. It reads the
     * state as of this call: later writes do not show.
     *
     * @param from the first key wanted; null for the beginning of the family
     * @param toExclusive the first key not wanted any more; null for the end of the family
     * @throws StorageException when it cannot be read
     */
    default Cursor cursor(Family family, byte @Nullable [] from, byte @Nullable [] toExclusive) {
        return cursor(family, from, toExclusive, Scan.SHORT);
    }

    /** As {@link #cursor(Family, byte[], byte[])}, with a hint on how much will be read. */
    Cursor cursor(Family family, byte @Nullable [] from, byte @Nullable [] toExclusive, Scan scan);

    /** How much a cursor is going to read. */
    enum Scan {

        /** Some records that are likely to be wanted again: blocks go into the cache, the disk is read ahead only as it pays. */
        SHORT,

        /** The next records of a long walk that goes on with another cursor: blocks do not push others out of the cache. */
        PART,

        /**
         * A whole family, or a large part of it, once: the disk is read ahead from the start and the blocks do not push
         * others out of the cache.
         */
        LONG
    }
}
