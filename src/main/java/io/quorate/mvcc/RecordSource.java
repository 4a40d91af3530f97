package io.quorate.mvcc;

import io.quorate.base.Bytes;

/** Records of a range in key order, as of one revision; stands before the first until {@link #advance} is called. */
interface RecordSource extends AutoCloseable {

    /** Moves to the next live key; false when there is none. */
    boolean advance();

    /** The record it stands at; may have to be read first. */
    StoredRecord record();

    @Override
    void close();

    /** One that knows the key before the record is read. */
    interface Keyed extends RecordSource {

        /** The key it stands at. */
        Bytes key();
    }
}
