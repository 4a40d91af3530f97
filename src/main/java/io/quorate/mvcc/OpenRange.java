package io.quorate.mvcc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import io.quorate.base.KeyRange;
import io.quorate.base.RequestException;
import io.quorate.proto.RangeResponse;
import io.quorate.storage.Reader.Scan;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A range that was measured and not gathered: its records are read, as they are stored, when they are wanted. It holds a view, so
 * neither writes nor a compaction change what is read; and between two reads no cursor, and no record but one that is larger than
 * what it was to be written to.
 *
 * <p>Example: 150 MB of records are asked for 256 KiB by 256 KiB. Each time a cursor is opened at the first key that was not written
 * yet, and records are copied from the database into the buffer until the next has no room.
 *
 * <p>Any thread, one at a time: they wait for each other. Must be closed.
 */
public final class OpenRange implements RangeAnswer, AutoCloseable {

    private static final int TAG = RangeResponse.KVS_FIELD_NUMBER << 3 | 2;
    private static final int VARINT_BITS = 7;
    private static final int MORE = 1 << VARINT_BITS;
    private static final byte[] NONE = {};

    private final RangeOpening state;
    private final Size size;
    private final long count;
    private final boolean more;

    @GuardedBy("this")
    private long left;

    @GuardedBy("this")
    private Bytes next;

    @GuardedBy("this")
    private byte[] cut = NONE;

    @GuardedBy("this")
    private int cutOffset;

    @GuardedBy("this")
    private boolean closed;

    /**
     * How large the answer is.
     *
     * @param records how many
     * @param bytes what they take as the fields {@code kvs} of a response
     */
    public record Size(long records, long bytes) {}

    OpenRange(RangeOpening state, Size size, long count, boolean more) {
        this.state = state;
        this.size = size;
        this.count = count;
        this.more = more;
        this.left = size.records();
        this.next = state.query().range().start();
    }

    /** How large it is. */
    public Size size() {
        return size;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public boolean more() {
        return more;
    }

    @Override
    public long revision() {
        return state.current();
    }

    /**
     * Sets what is done when the database wants its view back: the range has to be closed soon.
     *
     * @param action returns quickly; called by any thread, and possibly twice
     */
    public void whenRevoked(Runnable action) {
        state.revocation().listen(action);
    }

    /**
     * Appends the next records as fields {@code kvs} of a response. Stops before one that has no room, unless it would be the first:
     * of that as much is written as there is room for, and the rest comes next.
     *
     * @param target not empty; if it has nothing before, something is written unless all has been
     * @throws RequestException when the database wants its view back
     */
    public synchronized void read(ByteBuffer target) {
        state.revocation().check();
        if (closed) {
            throw new IllegalStateException("the range is closed");
        }
        if (cutOffset < cut.length) {
            appendCut(target);
        }
        if (left > 0 && target.hasRemaining()) {
            readOn(target);
        }
    }

    @GuardedBy("this")
    private void readOn(ByteBuffer target) {
        RangeQuery query = state.query();
        boolean empty = target.position() == 0;
        try (RecordSource.Keyed source = source(new KeyRange(next, query.range().end()))) {
            while (left > 0) {
                if (!source.advance()) {
                    throw new Fault("a range of " + size.records() + " records ends " + left + " earlier");
                }
                state.revocation().check();
                StoredRecord record = state.readsRecords() ? source.record() : null;
                if (record != null && query.hasFilter() && !query.matches(record.meta())) {
                    continue;
                }
                StoredRecord shown = record != null && query.needsNoValues() ? RangeResults.blank(record) : record;
                int length = shown == null ? source.size() : shown.size();
                boolean fits = RangeOpening.fieldBytes(length) <= target.remaining();
                if (!fits && !empty) {
                    next = source.key();
                    return;
                }
                if (fits) {
                    append(source, shown, length, target);
                } else {
                    cut = new byte[RangeOpening.fieldBytes(length)];
                    append(source, shown, length, ByteBuffer.wrap(cut));
                    appendCut(target);
                }
                empty = false;
                left--;
            }
        }
    }

    @GuardedBy("this")
    private RecordSource.Keyed source(KeyRange rest) {
        return state.revision() == state.current()
                ? new CurrentSource(state.view(), rest, Scan.PART)
                : new PastSource(state.view(), rest, state.revision());
    }

    private static void append(RecordSource source, @Nullable StoredRecord record, int length, ByteBuffer target) {
        target.put((byte) TAG);
        int rest = length;
        for (; rest > MORE - 1; rest >>>= VARINT_BITS) {
            target.put((byte) (rest | MORE));
        }
        target.put((byte) rest);
        if (record == null) {
            source.appendTo(target);
        } else {
            record.encoded().copyTo(target);
        }
    }

    @GuardedBy("this")
    private void appendCut(ByteBuffer target) {
        int bytes = Math.min(cut.length - cutOffset, target.remaining());
        target.put(cut, cutOffset, bytes);
        cutOffset += bytes;
        if (cutOffset == cut.length) {
            cut = NONE;
            cutOffset = 0;
        }
    }

    /** Gives the state back; waits for a read that goes on. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            cut = NONE;
            cutOffset = 0;
            state.view().close();
        }
    }
}
