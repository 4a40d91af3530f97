package io.quorate.storage;

import io.quorate.base.Directories;
import io.quorate.base.PrivateFiles;
import io.quorate.base.Stages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.EnvOptions;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/**
 * Fills one family of an empty database with records that come in ascending order of their keys: they are written once, into table files
 * that the database takes in by {@link #finish}, instead of being sorted in memory, written, and rewritten by compactions. Nothing of them can
 * be read before. Used by one thread, and by {@code table-load}, which syncs a full file while the next is filled.
 */
@Slf4j
public final class TableLoad implements AutoCloseable {

    /** As large as the larger files of the levels; bounds what RocksDB keeps of a file that is being written. */
    private static final long FILE_BYTES = 64 << 20;

    private final RocksInstance rocks;
    private final Family family;
    private final Path scratch;
    private final EnvOptions environment = new EnvOptions();
    private final ColumnFamilyOptions familyOptions;
    private final Options options;
    private final List<String> files = new ArrayList<>();
    private @Nullable SstFileWriter writer;
    private long bytes;
    private CompletableFuture<Void> syncing = CompletableFuture.completedFuture(null);

    /** @param scratch directory for the files, in the file system of the database; made here, and removed in the end */
    TableLoad(RocksInstance rocks, Family family, Path scratch) {
        this.rocks = rocks;
        this.family = family;
        this.scratch = scratch;
        this.familyOptions = rocks.newOptions(family);
        this.options = new Options(rocks.options(), familyOptions);
        try {
            Directories.delete(scratch); // what a crash has left
            PrivateFiles.createDirectories(scratch);
        } catch (IOException e) {
            close();
            throw new StorageException("The directory '" + scratch + "' cannot be made: " + e, e);
        }
    }

    /**
     * Adds a record.
     *
     * @param key above all keys before
     * @throws StorageException if it is not, or the disk fails
     */
    public void put(byte[] key, byte[] value) {
        try {
            SstFileWriter current = writer == null ? open() : writer;
            current.put(key, value);
            bytes += key.length + value.length;
            if (bytes >= FILE_BYTES) {
                beginEnd();
            }
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    /**
     * Has the database take in all records; durable on return.
     *
     * @throws StorageException if the disk fails
     */
    public void finish() {
        try (IngestExternalFileOptions ingestion = new IngestExternalFileOptions().setMoveFiles(true)) {
            beginEnd();
            Stages.join(syncing);
            if (!files.isEmpty()) {
                rocks.database().ingestExternalFile(rocks.handle(family), files, ingestion);
            }
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    private SstFileWriter open() throws RocksDBException {
        String file = scratch.resolve(files.size() + ".sst").toString();
        SstFileWriter opened = new SstFileWriter(environment, options);
        writer = opened;
        opened.open(file);
        files.add(file);
        bytes = 0;
        return opened;
    }

    /** At most two files are not durable: the one that is synced, and the one that is filled. */
    private void beginEnd() {
        Stages.join(syncing);
        SstFileWriter full = writer;
        if (full != null) {
            writer = null;
            syncing = CompletableFuture.runAsync(
                    () -> end(full),
                    task -> Thread.ofPlatform().name("table-load").daemon(true).start(task));
        }
    }

    private void end(SstFileWriter full) {
        try (full) {
            full.finish();
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    private StorageException failed(RocksDBException e) {
        return new StorageException("Table files in '" + scratch + "' cannot be written: " + e.getMessage(), e);
    }

    /** Removes what the database has not taken in. */
    @Override
    public void close() {
        awaitEnd();
        if (writer != null) {
            writer.close();
            writer = null;
        }
        options.close();
        environment.close();
        try {
            Directories.delete(scratch);
        } catch (IOException e) {
            throw new StorageException("What is left in '" + scratch + "' cannot be removed: " + e, e);
        }
    }

    private void awaitEnd() {
        try {
            Stages.join(syncing);
        } catch (StorageException e) {
            log.debug("a table file that nobody wants any more was not ended", e);
        }
    }
}
