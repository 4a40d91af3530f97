package io.quorate.storage;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes that are written together or not at all, in the order in which they were added. Used by one thread at a time, and
 * may be filled again after {@link #clear}. Holds nothing but memory of the JVM: closing it makes later use an error, no more.
 *
 * <p>What changes in a metadata family is also remembered here, so that it can be read through {@link #over} before it is
 * written. Arrays that are passed in must not be written to afterwards.
 */
public final class WriteSet implements AutoCloseable {

    private static final int RESERVED_BYTES = 16 << 10;

    private final Database database;
    /** Room for a few records, so that it does not grow step by step. */
    private final BatchBytes batch = new BatchBytes(RESERVED_BYTES);
    /** Newest pending change by key; a null value is a deletion. Families without pending changes are absent. */
    private final Map<Family, NavigableMap<byte[], byte @Nullable []>> pending = new EnumMap<>(Family.class);

    private boolean closed;

    WriteSet(Database database) {
        this.database = database;
    }

    /** Sets the value of a key. */
    public void put(Family family, byte[] key, byte[] value) {
        checkOpen();
        batch.put(database.idOf(family), key, value);
        remember(family, key, value);
    }

    /** Removes a key; it need not exist. */
    public void delete(Family family, byte[] key) {
        checkOpen();
        batch.delete(database.idOf(family), key);
        remember(family, key, null);
    }

    /**
     * Removes all keys with {@code from <= key < toExclusive}. For the families of records only; metadata is removed key by
     * key.
     */
    public void deleteRange(Family family, byte[] from, byte[] toExclusive) {
        checkOpen();
        if (family.isMetadata()) {
            throw new IllegalArgumentException("Metadata is removed key by key, not by range: " + family);
        }
        if (Arrays.compareUnsigned(from, toExclusive) >= 0) {
            return;
        }
        batch.deleteRange(database.idOf(family), from, toExclusive);
    }

    /** How many changes were added. */
    public int count() {
        checkOpen();
        return batch.count();
    }

    /** How many bytes the changes take as they will be written. */
    public long bytes() {
        checkOpen();
        return batch.length();
    }

    public boolean isEmpty() {
        return count() == 0;
    }

    /** Forgets all changes. */
    public void clear() {
        checkOpen();
        batch.clear();
        pending.clear();
    }

    /**
     * Reads metadata as it will be once this set is written: the pending changes over what another reader has. Belongs to the
     * thread that fills the set. Cursors show the changes as of their opening.
     */
    public Reader over(Reader base) {
        return new PendingReader(this, base);
    }

    /** The pending changes of a family in the order of keys; a null value is a deletion. */
    NavigableMap<byte[], byte @Nullable []> pending(Family family) {
        NavigableMap<byte[], byte @Nullable []> changes = pending.get(family);
        return changes == null ? noChanges() : changes;
    }

    /** The set as RocksDB takes it. */
    byte[] toByteArray() {
        checkOpen();
        return batch.toByteArray();
    }

    @Override
    public void close() {
        closed = true;
        pending.clear();
    }

    private void remember(Family family, byte[] key, byte @Nullable [] value) {
        if (family.isMetadata()) {
            pending.computeIfAbsent(family, absent -> noChanges()).put(key, value);
        }
    }

    private static NavigableMap<byte[], byte @Nullable []> noChanges() {
        return new TreeMap<>(Arrays::compareUnsigned);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The write set is closed");
        }
    }
}
