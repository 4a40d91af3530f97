package io.quorate.storage;

import io.quorate.base.Fault;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.base.PrivateFiles;
import io.quorate.storage.StorageException.DirectoryLockedException;
import io.quorate.storage.StorageException.ForeignDirectoryException;
import io.quorate.storage.StorageException.NewerFormatException;
import io.quorate.storage.StorageException.StorageCorruptException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;

/**
 * The state of a member on disk. Any thread may use it.
 *
 * <p>A write is visible to readers when {@link #write} returns, and durable after the next flush: after a crash the state
 * is that of some earlier moment, the same one in all families, and never older than the last {@link #flush}. The raft log
 * brings it up to date again.
 *
 * <p>The first write or flush that fails is a {@link Fault}, and so is every one after it: what reached the disk is not
 * known, so the member must end. Reads that fail throw a {@link StorageException}.
 */
public final class Database implements Reader, AutoCloseable {

    /** The format of the layout in {@link Family}, kept in the database itself. */
    public static final int FORMAT = 1;

    static final byte[] FORMAT_KEY = "format".getBytes(StandardCharsets.UTF_8);

    /** How long closing waits for reads that are running, in milliseconds. */
    private static final long CLOSE_WAIT_MILLIS = 5_000;

    private final Path directory;
    private final StorageSettings options;
    private final UseGuard guard = new UseGuard();
    private volatile RocksInstance rocks;
    private volatile @Nullable Throwable failure;
    private final Consumer<StorageCorruptException> corruption;
    private final SizeEstimate size = new SizeEstimate();
    /** How often it was written to since it was opened; work in the background looks whether it grows. */
    private final AtomicLong writes = new AtomicLong();
    /** What tells long readers to make way. */
    private final Set<Runnable> revocations = ConcurrentHashMap.newKeySet();

    private final ThreadLocal<BackgroundPace> paces = ThreadLocal.withInitial(() -> new BackgroundPace(
            writes::get,
            MonotonicClock.SYSTEM,
            ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime,
            LockSupport::parkNanos));
    private final FileRewrites rewrites;

    private Database(
            Path directory,
            StorageSettings options,
            Consumer<StorageCorruptException> corruption,
            RocksInstance rocks) {
        this.directory = directory;
        this.options = options;
        this.corruption = corruption;
        this.rocks = rocks;
        this.rewrites = new FileRewrites(directory, guard, () -> this.rocks, size);
    }

    /**
     * Opens the database in a directory, or creates it when the directory is missing or empty. When this returns, the
     * directory is marked as ours, durably.
     *
     * @throws DirectoryLockedException when it is open already
     * @throws ForeignDirectoryException when something else is there
     * @throws NewerFormatException when a later version wrote it
     * @throws StorageCorruptException when it is damaged
     * @throws StorageException when the directory cannot be created or read
     */
    public static Database open(Path directory, StorageSettings options) {
        return open(directory, options, found -> {});
    }

    /**
     * As {@link #open(Path, StorageSettings)}.
     *
     * @param corruption told of a checksum mismatch found by any read; may be called by any thread, and often
     */
    public static Database open(Path directory, StorageSettings options, Consumer<StorageCorruptException> corruption) {
        return new Database(directory, options, corruption, openInstance(directory, options));
    }

    private static RocksInstance openInstance(Path directory, StorageSettings options) {
        RocksDB.loadLibrary();
        DirectoryCheck check = new DirectoryCheck(directory);
        try {
            new DirectorySwap(directory).recover();
            check.run();
            PrivateFiles.createDirectories(directory);
            RocksInstance opened = RocksInstance.open(directory, options);
            try {
                mark(opened, check, directory);
                return opened;
            } catch (RocksDBException | RuntimeException e) {
                opened.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StorageException("The database directory '" + directory + "' cannot be used: " + e, e);
        } catch (RocksDBException e) {
            throw RocksInstance.notOpened(directory, e);
        }
    }

    /** Checks the mark of a database that is open, or sets it in a new one, whose families are all empty. */
    private static void mark(RocksInstance opened, DirectoryCheck check, Path directory) throws RocksDBException {
        byte[] marker = opened.get(Family.META, FORMAT_KEY);
        check.checkFormat(marker);
        if (marker != null) {
            return;
        }
        for (Family family : Family.values()) {
            try (RocksIterator iterator = opened.database().newIterator(opened.handle(family))) {
                iterator.seekToFirst();
                if (iterator.isValid()) {
                    throw new ForeignDirectoryException(directory, "a RocksDB without the mark of Quorate");
                }
            }
        }
        opened.putAndFlush(
                FORMAT_KEY, ByteBuffer.allocate(Integer.BYTES).putInt(FORMAT).array());
    }

    /** Where the database is. */
    public Path directory() {
        return directory;
    }

    @Override
    public byte @Nullable [] get(Family family, byte[] key) {
        guard.enter();
        try {
            return rocks.get(family, key);
        } catch (RocksDBException e) {
            throw unreadable(e);
        } finally {
            guard.exit();
        }
    }

    @Override
    public Cursor cursor(Family family, byte @Nullable [] from, byte @Nullable [] toExclusive, Scan scan) {
        return cursor(null, new RocksCursor.Request(family, from, toExclusive, scan));
    }

    Cursor cursor(@Nullable Snapshot snapshot, RocksCursor.Request request) {
        guard.enter(snapshot != null); // the view is inside
        RocksCursor cursor = null;
        try {
            cursor = new RocksCursor(this, rocks, snapshot, request);
            cursor.rewind();
            return cursor;
        } catch (RuntimeException e) {
            if (cursor == null) {
                guard.exit();
            } else {
                cursor.close();
            }
            throw e;
        }
    }

    /** The state of this moment, in all families. */
    public View view() {
        guard.enter();
        try {
            return new View(this, rocks);
        } catch (RuntimeException e) {
            guard.exit();
            throw e;
        }
    }

    /**
     * As {@link #view()}, for a reader that takes longer than the database waits before it is closed or replaced.
     *
     * @param revoked called, by any thread, when the view must be closed soon; returns quickly
     */
    public View view(Runnable revoked) {
        View view = view();
        revocations.add(revoked);
        view.whenClosed(() -> revocations.remove(revoked));
        return view;
    }

    /** The pace of the calling thread. */
    BackgroundPace pace() {
        return paces.get();
    }

    /** An empty set of changes. */
    public WriteSet newWriteSet() {
        return new WriteSet(this);
    }

    /**
     * Writes a set, wholly or not at all. The set is left as it is. May wait while RocksDB catches up with flushes and
     * compactions.
     *
     * @throws Fault when it failed, or an earlier write or flush did
     */
    public void write(WriteSet set) {
        if (set.isEmpty()) {
            return;
        }
        guard.enter();
        try {
            checkNotFailed();
            rocks.write(set.toByteArray());
            size.written(set.bytes());
            writes.incrementAndGet();
        } catch (RocksDBException e) {
            throw failed("A write to", e);
        } finally {
            guard.exit();
        }
    }

    /**
     * Begins to fill a family that is empty, see {@link TableLoad}. The database must not be closed or replaced before that is. One family
     * at a time.
     *
     * @throws StorageException when a directory inside that of the database cannot be made
     */
    public TableLoad load(Family family) {
        return new TableLoad(rocks, family, directory.resolve("load"));
    }

    /**
     * Makes everything that was written durable; returns once it is.
     *
     * @throws Fault when it failed, or an earlier write or flush did
     */
    public void flush() {
        guard.enter();
        try {
            checkNotFailed();
            rocks.flush();
            size.outdated();
        } catch (RocksDBException e) {
            throw failed("A flush of", e);
        } finally {
            guard.exit();
        }
    }

    /**
     * Writes a copy of the state of this moment, including what was not flushed yet, into a new directory, which can be
     * opened as a database. Files are shared by hard links where the file system allows.
     *
     * @param target must not exist; its parent must
     * @throws StorageException when it failed
     */
    public void checkpoint(Path target) {
        guard.enter();
        try {
            rocks.checkpoint(target);
        } catch (RocksDBException e) {
            throw new StorageException(
                    "A copy of the database in '" + directory + "' cannot be made in '" + target + "': "
                            + e.getMessage(),
                    e);
        } finally {
            guard.exit();
        }
    }

    /**
     * Puts a copy, as {@link #checkpoint} makes it, in the place of what the database holds, which is then gone. The copy
     * moves; it must lie in the same file system. Reads, write sets and views wait, or must have ended; no thread may write. A
     * crash leaves either the old state or the new one.
     *
     * @throws IllegalStateException when reads, cursors or views do not end soon; nothing was changed
     * @throws StorageException when the copy cannot be used; nothing was changed
     * @throws Fault when it failed half way
     */
    public void replaceWith(Path copy) {
        if (!DirectoryCheck.isDatabase(copy)) {
            throw new StorageException("There is no copy of a database in '" + copy + "'", null);
        }
        openInstance(copy, options).close();
        rewrites.cancel();
        DirectorySwap swap = new DirectorySwap(directory);
        bar(CLOSE_WAIT_MILLIS, "replaced");
        try {
            rocks.close();
            swap.replaceWith(copy);
            rocks = openInstance(directory, options);
            size.outdated();
        } catch (IOException | StorageException e) {
            failure = e;
            guard.closeForGood();
            throw new Fault("The database in '" + directory + "' could not be replaced by '" + copy + "'", e);
        }
        guard.lift();
    }

    /**
     * Rewrites all families so that nothing outdated takes space any more. Takes long; reads and writes go on. Ends early,
     * without an exception, when the database is closed meanwhile.
     *
     * @throws IllegalStateException when it is running already
     * @throws StorageException when it failed
     */
    public void compact() {
        if (!rewrites.compact()) {
            throw new IllegalStateException("The database in '" + directory + "' is being compacted already");
        }
    }

    /**
     * Gives back the space of what was removed: flushes, and rewrites the families of which a quarter or more is outdated, so that
     * each rewritten byte frees at least a third of one. May take long; reads and writes go on. Does nothing while
     * {@link #compact} runs, which does the same and more.
     */
    public void reclaim() {
        flush();
        rewrites.reclaim();
    }

    /**
     * Bytes that the database takes: its files, old ones included as long as they are in use, and what is not flushed. Cheap:
     * counted anew at most once a second or after every MiB written, and carried forward in between.
     */
    public long sizeBytes() {
        return size.get(this::countSize);
    }

    private long countSize() {
        guard.enter();
        try {
            return DatabaseStatistics.sizeBytes(rocks);
        } catch (RocksDBException e) {
            throw unreadable(e);
        } finally {
            guard.exit();
        }
    }

    /** How many reads, writes, cursors and views use the database now. */
    public long uses() {
        return guard.inside();
    }

    /** What RocksDB counts. Takes its lock for some microseconds: for metrics and health, not for every request. */
    public DatabaseStatistics statistics() {
        guard.enter();
        try {
            return DatabaseStatistics.of(rocks);
        } catch (RocksDBException e) {
            throw unreadable(e);
        } finally {
            guard.exit();
        }
    }

    /** Why the database takes no more writes; null as long as it does. */
    public @Nullable Throwable failure() {
        return failure;
    }

    public boolean isOpen() {
        return !guard.isClosed();
    }

    /**
     * Flushes and closes. Waits for reads that are running; doing it again does nothing.
     *
     * @throws IllegalStateException when cursors or views stay open; the database then stays open as well
     * @throws Fault when the flush failed; the database is closed nevertheless
     */
    @Override
    public void close() {
        close(CLOSE_WAIT_MILLIS, failure == null);
    }

    /** Closes without a flush, as a crash would: what was not flushed is gone. For a member that has failed, and for tests. */
    public void closeWithoutFlush() {
        close(CLOSE_WAIT_MILLIS, false);
    }

    void close(long waitMillis, boolean flush) {
        if (guard.isClosed()) {
            return;
        }
        rewrites.cancel();
        bar(waitMillis, "closed");
        try {
            if (flush) {
                rocks.flush();
            }
        } catch (RocksDBException e) {
            throw failed("The last flush of", e);
        } finally {
            guard.closeForGood();
            rocks.close();
        }
    }

    /** The number by which RocksDB knows a family. */
    int idOf(Family family) {
        return rocks.idOf(family);
    }

    /** Leaves the guard on behalf of a cursor or view that ends. */
    void exit() {
        guard.exit();
    }

    StorageException unreadable(RocksDBException e) {
        return RocksInstance.isCorruption(e)
                ? corrupt(e)
                : new StorageException("The database in '" + directory + "' cannot be read: " + e.getMessage(), e);
    }

    private StorageCorruptException corrupt(RocksDBException e) {
        StorageCorruptException found = new StorageCorruptException(directory, String.valueOf(e.getMessage()), e);
        corruption.accept(found);
        return found;
    }

    private void bar(long waitMillis, String purpose) {
        long inside = guard.bar(waitMillis, () -> revocations.forEach(Runnable::run));
        if (inside > 0) {
            throw new IllegalStateException("The database in '" + directory + "' cannot be " + purpose + ": " + inside
                    + " reads, cursors or views are still open");
        }
    }

    private void checkNotFailed() {
        Throwable earlier = failure;
        if (earlier != null) {
            throw new Fault("The database in '" + directory + "' failed before and takes no more writes", earlier);
        }
    }

    private Fault failed(String what, RocksDBException e) {
        failure = RocksInstance.isCorruption(e) ? corrupt(e) : e;
        return new Fault(what + " the database in '" + directory + "' failed: " + e.getMessage(), e);
    }

    /** Registers what is counted here. */
    public void register(Meters meters) {
        DatabaseStatistics.register(this, meters);
    }
}
