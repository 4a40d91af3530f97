package io.quorate.apply;

import io.quorate.base.Fault;
import io.quorate.storage.Family;
import io.quorate.storage.Reader;
import io.quorate.storage.WriteSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The last entry that the state on disk contains, written in the same batch as the entry's data; that makes applying an
 * entry a second time impossible.
 *
 * <p>Owned by the {@code apply} thread.
 */
public final class ConsistentIndex {

    private static final byte[] KEY = "consistent_index".getBytes(StandardCharsets.US_ASCII);

    /** The index of the last entry that the database contains, or that the open batch will. Never decreases. */
    private long index;

    /** The term of the entry at {@link #index}. */
    private long term;

    /** Reads what the database holds: 0 when it is new. */
    public ConsistentIndex(Reader database) {
        restore(database);
    }

    /** Reads again what the database holds, after its content was replaced. */
    public void restore(Reader database) {
        byte[] stored = database.get(Family.META, KEY);
        if (stored != null) {
            Fault.check(stored.length == 2 * Long.BYTES, "consistent index of %d bytes", stored.length);
            ByteBuffer numbers = ByteBuffer.wrap(stored);
            index = numbers.getLong();
            term = numbers.getLong();
        }
    }

    /** Whether a key of {@link Family#META} is the index's; it tells where a member stands, not what it holds. */
    public static boolean isKey(byte[] key) {
        return Arrays.equals(key, KEY);
    }

    /** The newest applied index. */
    public long index() {
        return index;
    }

    /** The term of that entry. */
    public long term() {
        return term;
    }

    /** Moves on to an entry, as part of the write set that holds its data. */
    public void advance(WriteSet set, long applied, long appliedTerm) {
        index = applied;
        term = appliedTerm;
        set.put(
                Family.META,
                KEY,
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(applied)
                        .putLong(appliedTerm)
                        .array());
    }
}
