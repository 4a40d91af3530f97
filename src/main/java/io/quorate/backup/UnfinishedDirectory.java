package io.quorate.backup;

import io.quorate.base.Directories;
import io.quorate.base.DurableFile;
import io.quorate.base.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is being filled. A lock on a file in it tells it from what a crash has left; the lock ends with the process. Used by one
 * thread.
 */
final class UnfinishedDirectory implements AutoCloseable {

    private static final String LOCK = "restore.lock";

    private Path path;
    private final FileChannel channel;

    private UnfinishedDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Makes it; what is above it must be there. */
    static UnfinishedDirectory make(Path path) throws IOException {
        PrivateFiles.createDirectories(path);
        FileChannel channel =
                PrivateFiles.open(path.resolve(LOCK), Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        FileLock lock = tryLock(channel);
        if (lock == null) {
            channel.close();
            throw new SnapshotException("\"" + path + "\" is in use");
        }
        return new UnfinishedDirectory(path, channel);
    }

    Path path() {
        return path;
    }

    /** Whether another restore is filling a directory. */
    static boolean isInUse(Path path) throws IOException {
        Path lock = path.resolve(LOCK);
        if (Files.notExists(lock)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            return tryLock(channel) == null;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException here) { // by another thread of this process
            return null;
        }
    }

    /** Gives it its name, durably; from then on it is what it will be. */
    void rename(Path to) throws IOException {
        DurableFile.syncDirectory(path);
        DurableFile.move(path, to);
        path = to;
    }

    /** Removes it with all that is in it. */
    void remove() throws IOException {
        Directories.delete(path);
    }

    /** Others may have it; the file goes. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path.resolve(LOCK));
        channel.close();
    }
}
