package io.quorate.bbolt;

/** The records of a bucket in ascending order of their keys as unsigned bytes. Used by one thread. */
public interface BucketRecords extends AutoCloseable {

    /** Goes to the next record, at first to the first one; false behind the last. */
    boolean next();

    /** The key of the record. The array must not be changed. */
    byte[] key();

    /** The value of the record. The array must not be changed. */
    byte[] value();

    @Override
    void close();
}
