package io.quorate.bbolt;

import java.nio.ByteBuffer;

/** The records of a bucket in ascending order of their keys as unsigned bytes. Used by one thread. */
public interface BucketRecords extends AutoCloseable {

    /** Goes to the next record, at first to the first one; false behind the last. */
    boolean next();

    /** The key of the record. The array must not be changed. */
    byte[] key();

    /** The value of the record. The array must not be changed. */
    byte[] value();

    /** The value of the record, good until the next call of {@link #next}. It must not be changed. */
    default ByteBuffer valueInPlace() {
        return ByteBuffer.wrap(value());
    }

    @Override
    void close();
}
