package io.quorate.mvcc;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.mvcc.KeyIndex.MetaVisitor;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.MvccException.FutureRevisionException;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.proto.mvccpb.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * Several reads of one and the same state, for read-only transactions.
 *
 * <p>Holds the read lock of the store until it is closed, which keeps the writer waiting: it is opened, used and closed by
 * one thread without waiting for anything in between. A single range is better read by {@link MvccStore#range}, which gives
 * the lock back before it walks over the records.
 */
public final class ReadView implements KeyReader, AutoCloseable {

    private final MvccStore store;
    private final long revision;
    private boolean closed;

    /** The read lock must be held; {@link #close} releases it. */
    ReadView(MvccStore store) {
        this.store = store;
        this.revision = store.currentRevision();
    }

    /** The newest revision of the state. */
    @Override
    public long revision() {
        return revision;
    }

    /** The revision below which reads are refused. */
    @Override
    public long compactedRevision() {
        return store.compactedRevision();
    }

    /**
     * Reads a range.
     *
     * @throws CompactedException when the query names a revision below the compacted one
     * @throws FutureRevisionException when the query names a revision above {@link #revision}
     */
    @Override
    public RangeResult range(RangeQuery query) {
        checkOpen();
        return store.prepare(query).run();
    }

    /** What is known about a live key, or null when there is none. */
    @Override
    public @Nullable KeyMeta meta(Bytes key) {
        checkOpen();
        return store.index().get(key);
    }

    /** The newest record of a key, or null when it does not live. */
    @Override
    public @Nullable KeyValue get(Bytes key) {
        checkOpen();
        return store.get(key);
    }

    /** Shows every live key of the range in key order to the visitor, which may end the walk. */
    @Override
    public void forEachMeta(KeyRange range, MetaVisitor visitor) {
        checkOpen();
        KeyIndex.Cursor cursor = store.index().cursor(range);
        while (cursor.next() && visitor.visit(cursor.key(), cursor.meta())) {
            // the visitor does the work
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            store.releaseRead();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the view is closed");
        }
    }
}
