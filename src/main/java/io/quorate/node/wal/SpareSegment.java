package io.quorate.node.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Allocates the file of the next segment while the current one fills up, so that a roll does not wait for it. The file is
 * written full of zeros, not only reserved: later writes then change no metadata, which makes their sync cheap.
 *
 * <p>Belongs to the log's writer thread; only {@link #allocate} runs in the background, on a file that nobody else sees.
 */
@Slf4j
final class SpareSegment {

    private static final String SUFFIX = ".tmp";
    private static final int CHUNK_BYTES = 1 << 20;
    /** Bounds how long a sync of the log may wait behind the zeros. */
    private static final int CHUNKS_PER_SYNC = 8;

    private final Path directory;
    private final WalSettings options;
    private volatile boolean abandoned;
    private @Nullable FutureTask<DiskFile> pending;

    SpareSegment(Path directory, WalSettings options) {
        this.directory = directory;
        this.options = options;
    }

    /** The name of a segment's file while it is being made. */
    Path pathOf(long sequence) {
        return directory.resolve(sequence + SUFFIX);
    }

    /** Removes what an earlier run left behind. */
    static void deleteLeftOvers(Path directory, Disk disk) throws IOException {
        for (String name : disk.list(directory)) {
            if (name.endsWith(SUFFIX)) {
                disk.delete(directory.resolve(name));
            }
        }
    }

    /** Begins in the background, unless already done. */
    void prepare(long sequence) {
        if (pending == null) {
            FutureTask<DiskFile> task = new FutureTask<>(() -> allocate(pathOf(sequence)));
            pending = task;
            options.background().execute(task);
        }
    }

    /** The file for a segment, full of zeros under its temporary name; what failed in the background is tried again. */
    DiskFile take(long sequence) throws IOException {
        FutureTask<DiskFile> task = pending;
        pending = null;
        if (task != null) {
            try {
                return task.get();
            } catch (ExecutionException failed) {
                log.warn("Allocating a segment of the log failed, trying again: {}", String.valueOf(failed.getCause()));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for a segment", interrupted);
            }
        }
        return allocate(pathOf(sequence));
    }

    private DiskFile allocate(Path path) throws IOException {
        Disk disk = options.disk();
        DiskFile file = disk.create(path);
        try {
            ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(CHUNK_BYTES, options.segmentBytes()));
            long position = 0;
            for (int chunk = 1; position < options.segmentBytes() && !abandoned; chunk++) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), options.segmentBytes() - position));
                int count = zeros.remaining();
                file.write(zeros, position);
                position += count;
                if (chunk % CHUNKS_PER_SYNC == 0) {
                    file.sync(false);
                }
            }
            file.sync(true);
            return file;
        } catch (IOException failed) {
            discard(file, path, failed);
            throw new IOException(
                    "cannot allocate " + options.segmentBytes() + " bytes for " + path + ": " + failed.getMessage(),
                    failed);
        }
    }

    private void discard(DiskFile file, Path path, IOException cause) {
        try {
            file.close();
            options.disk().delete(path);
        } catch (IOException failed) {
            cause.addSuppressed(failed);
        }
    }

    /** Ends the background work and removes an unused file. */
    void close(long sequence) throws IOException {
        abandoned = true;
        FutureTask<DiskFile> task = pending;
        pending = null;
        if (task == null) {
            return;
        }
        try {
            task.get().close();
            options.disk().delete(pathOf(sequence));
        } catch (ExecutionException failed) {
            log.debug("The spare segment had failed", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
