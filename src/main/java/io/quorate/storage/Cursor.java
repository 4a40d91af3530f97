package io.quorate.storage;

import java.nio.ByteBuffer;

/**
 * A position in an ordered run of records. Used by one thread at a time, and closed by its opener: an open cursor
 * keeps files and memory from being given back.
 *
 * <p>A cursor that could not be read further, because of a failed read or a wrong checksum, says so by throwing from the
 * call that moved it; it never looks like the end of the records.
 */
public interface Cursor extends AutoCloseable {

    /** True when the cursor stands at a record; false past the last one. */
    boolean isValid();

    /** The key of the record; a new array at every call. Only when {@link #isValid}. */
    byte[] key();

    /** The value of the record; a new array at every call. Only when {@link #isValid}. */
    byte[] value();

    /**
     * Copies the value of the record, without a new array. Only when {@link #isValid}.
     *
     * @param target is filled from its beginning as far as it or the value goes
     * @return the length of the value, which may be above that of the array
     */
    default int value(byte[] target) {
        byte[] value = value();
        System.arraycopy(value, 0, target, 0, Math.min(value.length, target.length));
        return value.length;
    }

    /** The length of the record's value, without a copy of it. Only when {@link #isValid}. */
    default int valueLength() {
        return value().length;
    }

    /** Appends the value of the record to a buffer that has room for it. Only when {@link #isValid}. */
    default void appendValue(ByteBuffer target) {
        target.put(value());
    }

    /**
     * Moves to the next record. Only when {@link #isValid}.
     *
     * @throws StorageException when it cannot be read
     */
    void next();

    /**
     * Moves to the first record at or above a key, forwards or backwards, within the bounds of the cursor.
     *
     * @throws StorageException when it cannot be read
     */
    void seek(byte[] key);

    @Override
    void close();
}
