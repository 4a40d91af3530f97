package io.quorate.mvcc;

import io.quorate.base.Bytes;
import java.nio.ByteBuffer;

/** Records of a range in key order, as of one revision; stands before the first until {@link #advance} is called. */
interface RecordSource extends AutoCloseable {

    /** Moves to the next live key; false when there is none. */
    boolean advance();

    /** The record it stands at; may have to be read first. */
    StoredRecord record();

    /** Bytes of its encoding. */
    default int size() {
        return record().size();
    }

    /** Appends its encoding to a buffer that has room for it. */
    default void appendTo(ByteBuffer target) {
        record().encoded().copyTo(target);
    }

    @Override
    void close();

    /** One that knows the key before the record is read. */
    interface Keyed extends RecordSource {

        /** The key it stands at. */
        Bytes key();
    }
}
