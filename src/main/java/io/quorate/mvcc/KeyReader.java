package io.quorate.mvcc;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.mvcc.KeyIndex.MetaVisitor;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.MvccException.FutureRevisionException;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.proto.mvccpb.KeyValue;
import org.jspecify.annotations.Nullable;

/** Reading keys, in a view or inside a write transaction. */
public interface KeyReader {

    /**
     * Reads a range.
     *
     * @throws CompactedException when the query names a revision below the compacted one
     * @throws FutureRevisionException when the query names a revision above {@link #revision}
     */
    RangeResult range(RangeQuery query);

    /** What is known about a live key, or null when there is none. */
    @Nullable
    KeyMeta meta(Bytes key);

    /** Shows every live key of the range in key order to the visitor, which may end the walk. */
    void forEachMeta(KeyRange range, MetaVisitor visitor);

    /** The newest record of a key, or null when it does not live. */
    @Nullable
    KeyValue get(Bytes key);

    /** The newest revision that these reads see. */
    long revision();

    /** The revision below which reads are refused. */
    long compactedRevision();

    /** Told of each record that a read looks at and takes, on the thread that reads; may end the read by an exception. */
    @FunctionalInterface
    interface RecordMeter {

        /** A meter that lets everything pass. */
        RecordMeter NONE = bytes -> {};

        /** A record is looked at, which the filters of the query may leave out. */
        default void visit() {}

        /** A record of so many bytes will be in the answer. */
        void take(int bytes);
    }
}
