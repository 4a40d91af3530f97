package io.quorate.mvcc;

import io.quorate.proto.mvccpb.KeyValue;

/** Told of each record that goes into the answer of a read, on the thread that reads; may end the read by an exception. */
@FunctionalInterface
public interface RecordMeter {

    /** A meter that lets everything pass. */
    RecordMeter NONE = record -> {};

    /** A record will be in the answer. */
    void take(KeyValue record);
}
