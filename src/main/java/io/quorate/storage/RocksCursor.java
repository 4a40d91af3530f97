package io.quorate.storage;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/** A RocksDB iterator with the native objects that must live as long as it does. Used by one thread at a time. */
final class RocksCursor implements Cursor {

    private static final long READ_AHEAD_BYTES = 512 << 10;
    private static final byte[] NOTHING = {};

    private final Database owner;
    private final byte @Nullable [] from;
    private final ReadOptions options;
    private final @Nullable Slice upperBound;
    private final RocksIterator iterator;
    private boolean valid;
    private boolean closed;

    /** The caller has entered the guard of the database, and leaves it again if this throws. */
    RocksCursor(Database owner, RocksInstance rocks, @Nullable Snapshot snapshot, Request request) {
        this.owner = owner;
        this.from = request.from;
        this.options = new ReadOptions();
        byte[] to = request.toExclusive;
        this.upperBound = to == null ? null : new Slice(to);
        if (upperBound != null) {
            options.setIterateUpperBound(upperBound);
        }
        if (snapshot != null) {
            options.setSnapshot(snapshot);
        }
        switch (request.scan) {
            case SHORT -> {}
            case PART -> options.setFillCache(false);
            case LONG -> options.setReadaheadSize(READ_AHEAD_BYTES).setFillCache(false);
        }
        this.iterator = rocks.database().newIterator(rocks.handle(request.family), options);
    }

    /** What to iterate over; handed on once and never compared. */
    @SuppressWarnings("ArrayRecordComponent")
    record Request(Family family, byte @Nullable [] from, byte @Nullable [] toExclusive, Reader.Scan scan) {}

    /** Goes to the first record. */
    void rewind() {
        if (from == null) {
            iterator.seekToFirst();
        } else {
            iterator.seek(from);
        }
        settle();
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public byte[] key() {
        checkValid();
        return iterator.key();
    }

    @Override
    public byte[] value() {
        checkValid();
        return iterator.value();
    }

    @Override
    public int value(byte[] target) {
        checkValid();
        return iterator.value(target);
    }

    @Override
    public int valueLength() {
        checkValid();
        return iterator.value(NOTHING);
    }

    /** The binding moves the limit of a buffer to the end of what it has copied. */
    @Override
    public void appendValue(ByteBuffer target) {
        checkValid();
        int limit = target.limit();
        int room = target.remaining();
        int length = iterator.value(target);
        target.limit(limit);
        if (length > room) {
            throw new IllegalArgumentException("a value of " + length + " bytes, and room for " + room);
        }
        target.position(target.position() + length);
    }

    @Override
    public void next() {
        checkValid();
        iterator.next();
        settle();
    }

    @Override
    public void seek(byte[] key) {
        checkOpen();
        iterator.seek(from != null && Arrays.compareUnsigned(key, from) < 0 ? from : key);
        settle();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        valid = false;
        iterator.close();
        options.close();
        if (upperBound != null) {
            upperBound.close();
        }
        owner.exit();
    }

    /** RocksDB reports a failed read as an invalid position, like the end: only the status tells them apart. */
    private void settle() {
        valid = iterator.isValid();
        if (!valid) {
            try {
                iterator.status();
            } catch (RocksDBException e) {
                throw owner.unreadable(e);
            }
        }
    }

    private void checkValid() {
        if (!valid) {
            checkOpen();
            throw new IllegalStateException("The cursor is past the last record");
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The cursor is closed");
        }
    }
}
