package io.quorate.api.grpc;

import io.quorate.api.port.AnswerMemory;
import io.quorate.mvcc.KeyReader.RecordMeter;
import io.quorate.mvcc.MvccStore;
import io.quorate.mvcc.OpenRange;
import io.quorate.mvcc.RangeAnswer;
import io.quorate.mvcc.RangeQuery;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The records of one large range that are held for its answer: as many as there is memory for, and of a range that can be read piece
 * by piece no more than {@link #GATHERED_BYTES_MAX}. One thread.
 */
final class Gathering implements RecordMeter, IntPredicate, AutoCloseable {

    /** A larger answer is streamed. Below it holding is cheaper: records are read once. */
    static final long GATHERED_BYTES_MAX = 4 << 20;

    private final AnswerMemory room;
    private long bytes;
    private @Nullable OpenRange rest;

    Gathering(AnswerMemory room) {
        this.room = room;
    }

    /** Of a range that has to be held as a whole. */
    @Override
    public void take(int encoded) {
        room.add(encoded + MeteredReads.RECORD_OVERHEAD);
    }

    /** Of a range that has not. */
    @Override
    public boolean test(int encoded) {
        bytes += encoded;
        return bytes <= GATHERED_BYTES_MAX && room.tryAdd(encoded + MeteredReads.RECORD_OVERHEAD);
    }

    /** Reads a range; what is opened is this object's, until {@link #taken}. */
    RangeAnswer open(MvccStore store, RangeQuery query) {
        RangeAnswer answer = store.open(query, this);
        if (answer instanceof OpenRange opened) {
            rest = opened;
        }
        return answer;
    }

    /** The range that was too large; null if all is held. */
    @Nullable
    OpenRange rest() {
        return rest;
    }

    /** The call closes the range. */
    void taken() {
        rest = null;
    }

    /** Closes the range if nobody took it. */
    @Override
    public void close() {
        if (rest != null) {
            rest.close();
        }
    }
}
