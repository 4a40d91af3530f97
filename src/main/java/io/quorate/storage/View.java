package io.quorate.storage;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/**
 * The state as it was when the view was taken, in all families at once, whatever is written afterwards. Any thread may read
 * it. Must be closed, after its last reader and its last cursor: an open view keeps old versions of records from being
 * dropped.
 */
public final class View implements Reader, AutoCloseable {

    private final Database owner;
    private final RocksInstance rocks;
    private final Snapshot snapshot;
    private final ReadOptions options;
    private volatile boolean closed;
    private Runnable whenClosed = () -> {};
    private volatile boolean givesWay;

    /** The caller has entered the guard of the database on behalf of the view. */
    View(Database owner, RocksInstance rocks) {
        this.owner = owner;
        this.rocks = rocks;
        this.snapshot = rocks.database().getSnapshot();
        this.options = new ReadOptions().setSnapshot(snapshot);
    }

    /** Called once, before the view is handed to its reader. */
    void whenClosed(Runnable action) {
        whenClosed = action;
    }

    /**
     * From now on this is for work in the background: while the database is written to, a thread that scans for long rests in between
     * ({@link BackgroundPace}). Nothing else may wait on that thread.
     */
    public void giveWay() {
        givesWay = true;
    }

    @Override
    public byte @Nullable [] get(Family family, byte[] key) {
        checkOpen();
        try {
            return rocks.database().get(rocks.handle(family), options, key);
        } catch (RocksDBException e) {
            throw owner.unreadable(e);
        }
    }

    @Override
    public Cursor cursor(Family family, byte @Nullable [] from, byte @Nullable [] toExclusive, Scan scan) {
        checkOpen();
        Cursor cursor = owner.cursor(snapshot, new RocksCursor.Request(family, from, toExclusive, scan));
        return givesWay && scan == Scan.LONG ? new PacedCursor(cursor, owner.pace()) : cursor;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        whenClosed.run();
        options.close();
        rocks.database().releaseSnapshot(snapshot);
        snapshot.close();
        owner.exit();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The view is closed");
        }
    }
}
