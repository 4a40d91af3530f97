package io.quorate.mvcc;

import io.quorate.proto.mvccpb.KeyValue;

/** Told of each record that a read looks at and takes, on the thread that reads; may end the read by an exception. */
@FunctionalInterface
public interface RecordMeter {

    /** A meter that lets everything pass. */
    RecordMeter NONE = record -> {};

    /** A record is looked at, which the filters of the query may leave out. */
    default void visit() {}

    /** A record will be in the answer. */
    void take(KeyValue record);
}
