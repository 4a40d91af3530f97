package io.quorate.node.wal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The file operations that the log and the snapshot files need, as a port: production goes to the file system, tests and
 * the simulation put a disk in its place that loses unsynced bytes, tears writes, fills up or fails.
 *
 * <p>What is assumed of a disk: bytes are durable once {@link DiskFile#sync} has returned; a file's name is durable once
 * {@link #syncDirectory} of its directory has returned; an unsynced write reaches the disk in whole sectors of
 * {@value #SECTOR_BYTES} bytes, in any order, or not at all.
 */
public interface Disk {

    /** The smallest unit that a disk writes whole or not at all. */
    int SECTOR_BYTES = 512;

    /** The disk of this machine. */
    static Disk system() {
        return FileDisk.INSTANCE;
    }

    /** The names of all files in a directory, in no order; empty when the directory does not exist. */
    List<String> list(Path directory) throws IOException;

    /** Creates a directory with its parents where missing, and makes it durable. */
    void createDirectories(Path directory) throws IOException;

    /** Creates an empty file for reading and writing; whatever had the name before is gone. */
    DiskFile create(Path file) throws IOException;

    /** Opens an existing file for reading and writing. */
    DiskFile open(Path file) throws IOException;

    /** Opens an existing file for reading only. */
    DiskFile openForReading(Path file) throws IOException;

    /** Renames within a directory, atomically, replacing the target. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file; it is no error when there is none. */
    void delete(Path file) throws IOException;

    /** Makes the names in a directory durable. */
    void syncDirectory(Path directory) throws IOException;
}
