package io.quorate.sim.member;

import io.quorate.node.wal.MemoryDisk;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * What outlives a member's process: log and snapshot files on a disk that loses what was not synced; the directory of the
 * database, which loses what was not flushed; the folder of states on their way, which are durable once they have arrived.
 */
final class MemberDisk {

    private final Path directory;
    private MemoryDisk files = new MemoryDisk();

    MemberDisk(Path directory) {
        this.directory = directory;
    }

    Path database() {
        return directory.resolve("db");
    }

    Path states() {
        return directory.resolve("states");
    }

    MemoryDisk files() {
        return files;
    }

    /** Turns over a bit; what is returned makes everything what it was, after a start in vain. */
    Runnable damage(RandomGenerator random) {
        MemoryDisk whole = files.copy();
        files.flip(random);
        return () -> files = whole;
    }

    /** The power went: unsynced sectors are there or not. */
    void crash(RandomGenerator random) {
        files = files.crash(random);
    }
}
