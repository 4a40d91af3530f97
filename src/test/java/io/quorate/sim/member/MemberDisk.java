package io.quorate.sim.member;

import io.quorate.node.wal.MemoryDisk;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * What outlives a member's process: log and snapshot files on a disk that loses what was not synced, and the directory of
 * the database, which loses what was not flushed.
 */
final class MemberDisk {

    private final Path databaseDirectory;
    private MemoryDisk files = new MemoryDisk();

    MemberDisk(Path databaseDirectory) {
        this.databaseDirectory = databaseDirectory;
    }

    Path databaseDirectory() {
        return databaseDirectory;
    }

    MemoryDisk files() {
        return files;
    }

    /** The power went: unsynced sectors are there or not. */
    void crash(RandomGenerator random) {
        files = files.crash(random);
    }
}
