package io.quorate.storage;

import io.quorate.base.PrivateFiles;
import io.quorate.storage.StorageException.DirectoryLockedException;
import io.quorate.storage.StorageException.StorageCorruptException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Statistics;
import org.rocksdb.Status;
import org.rocksdb.TickerType;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** One open RocksDB with everything native that belongs to it. Callers make sure that it is not closed meanwhile. */
@SuppressWarnings("EnumOrdinal") // the array is made from the same enum in the same process
@Slf4j
final class RocksInstance implements AutoCloseable {

    private final NativeOptions settings;
    private final RocksDB database;
    private final Map<Family, ColumnFamilyHandle> handles;
    /** Indexed by ordinal: a map costs a noticeable part of a point read. */
    private final ColumnFamilyHandle[] handleOf;

    private final int[] idOf;

    private final ReadOptions readOptions = new ReadOptions();
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final FlushOptions flushOptions =
            new FlushOptions().setWaitForFlush(true).setAllowWriteStall(true);

    private final Path directory;

    private RocksInstance(
            Path directory, NativeOptions settings, RocksDB database, Map<Family, ColumnFamilyHandle> handles) {
        this.directory = directory;
        this.settings = settings;
        this.database = database;
        this.handles = handles;
        this.handleOf = handles.values().toArray(new ColumnFamilyHandle[0]);
        this.idOf = Arrays.stream(handleOf).mapToInt(ColumnFamilyHandle::getID).toArray();
    }

    /** Opens, or creates, the database in a directory; the caller has checked that it is ours. */
    static RocksInstance open(Path directory, StorageSettings options) throws RocksDBException {
        NativeOptions settings = new NativeOptions(options);
        try {
            List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
            for (Family family : Family.values()) {
                descriptors.add(new ColumnFamilyDescriptor(FamilyNames.encode(family), settings.family(family)));
            }
            List<ColumnFamilyHandle> opened = new ArrayList<>();
            RocksDB database = RocksDB.open(settings.database(), directory.toString(), descriptors, opened);
            Map<Family, ColumnFamilyHandle> handles = new EnumMap<>(Family.class);
            for (Family family : Family.values()) {
                handles.put(family, opened.get(family.ordinal()));
            }
            RocksInstance instance = new RocksInstance(directory, settings, database, handles);
            instance.closeToOthers();
            return instance;
        } catch (RocksDBException | RuntimeException e) {
            settings.close();
            throw e;
        }
    }

    DBOptions options() {
        return settings.database();
    }

    /** The options of a family once more; owned by this instance. */
    ColumnFamilyOptions newOptions(Family family) {
        return settings.family(family);
    }

    RocksDB database() {
        return database;
    }

    ColumnFamilyHandle handle(Family family) {
        return handleOf[family.ordinal()];
    }

    /** The number by which RocksDB knows a family. */
    int idOf(Family family) {
        return idOf[family.ordinal()];
    }

    byte @Nullable [] get(Family family, byte[] key) throws RocksDBException {
        return database.get(handleOf[family.ordinal()], readOptions, key);
    }

    /** Writes a batch, see {@link BatchBytes}. */
    void write(byte[] serialized) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch(serialized)) {
            database.write(writeOptions, batch);
        }
    }

    /** Writes one value of {@code META} and makes it durable. */
    void putAndFlush(byte[] key, byte[] value) throws RocksDBException {
        database.put(handle(Family.META), writeOptions, key, value);
        flush();
    }

    /** All families in one call: a flush of one alone would tear the state apart. */
    void flush() throws RocksDBException {
        database.flush(flushOptions, List.copyOf(handles.values()));
        closeToOthers();
    }

    /**
     * RocksDB makes its files readable for all and has no option against it. Until the next flush the directory protects those
     * that a compaction makes.
     */
    private void closeToOthers() {
        try {
            PrivateFiles.close(directory);
        } catch (IOException e) {
            log.warn("the files in {} cannot be made private: {}", directory, e.toString());
        }
    }

    /** Rewrites family after family, until done or canceled. */
    void compact(CompactRangeOptions request) throws RocksDBException {
        for (ColumnFamilyHandle handle : handles.values()) {
            if (request.canceled()) {
                return;
            }
            try {
                database.compactRange(handle, null, null, request);
            } catch (RocksDBException e) {
                if (!request.canceled()) {
                    throw e;
                }
            }
        }
    }

    void checkpoint(Path target) throws RocksDBException {
        try (Checkpoint checkpoint = Checkpoint.create(database)) {
            checkpoint.createCheckpoint(target.toString());
        }
    }

    /** Rewrites the files of one family. */
    void compact(Family family, CompactRangeOptions request) throws RocksDBException {
        database.compactRange(handle(family), null, null, request);
    }

    /** What is outdated in the files of a family. */
    DeadShare deadShare(Family family) throws RocksDBException {
        return DeadShare.parse(database.getProperty(handle(family), "rocksdb.aggregated-table-properties"));
    }

    /** About how many bytes of all files hold what is not outdated. */
    long liveFileBytes() throws RocksDBException {
        double live = 0;
        for (Family family : Family.values()) {
            long bytes = database.getLongProperty(handle(family), "rocksdb.live-sst-files-size");
            live += bytes * (1 - deadShare(family).ratio());
        }
        return Math.round(live);
    }

    /** A number that RocksDB keeps for the database as a whole. */
    long property(String name) throws RocksDBException {
        return database.getLongProperty(name);
    }

    /** A number that RocksDB keeps for every family, summed up. */
    long sum(String name) throws RocksDBException {
        return database.getAggregatedLongProperty(name);
    }

    /** A number since the database was opened; 0 when statistics are off. */
    long counter(TickerType type) {
        Statistics statistics = settings.statistics();
        return statistics == null ? 0 : statistics.getTickerCount(type);
    }

    long cacheUsage() {
        return settings.cache().getUsage();
    }

    long cachePinnedUsage() {
        return settings.cache().getPinnedUsage();
    }

    @Override
    public void close() {
        handles.values().forEach(ColumnFamilyHandle::close);
        database.close();
        readOptions.close();
        writeOptions.close();
        flushOptions.close();
        settings.close();
    }

    /** Why a database could not be opened. */
    static StorageException notOpened(Path directory, RocksDBException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("LOCK") && message.toLowerCase(Locale.ROOT).contains("lock ")) {
            return new DirectoryLockedException(directory, e);
        }
        if (isCorruption(e)) {
            return new StorageCorruptException(directory, message, e);
        }
        return new StorageException("The database in '" + directory + "' cannot be opened: " + message, e);
    }

    /** Whether a failure is a checksum that does not fit. */
    static boolean isCorruption(RocksDBException e) {
        Status status = e.getStatus();
        return status != null && status.getCode() == Status.Code.Corruption;
    }
}
