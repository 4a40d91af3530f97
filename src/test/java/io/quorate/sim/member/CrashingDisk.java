package io.quorate.sim.member;

import io.quorate.node.wal.LossyDisk;
import io.quorate.node.wal.MemoryDisk;
import io.quorate.node.wal.Power;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * What outlives a member's process: log and snapshot files on a disk that loses what was not synced; the directory of the
 * database, which loses what was not flushed; the folder of states on their way, which loses what was not synced.
 */
final class CrashingDisk {

    private final Path directory;
    private MemoryDisk files = new MemoryDisk();
    private Power power;
    private LossyDisk folders;

    CrashingDisk(Path directory) {
        this.directory = directory;
        restorePower();
    }

    private void restorePower() {
        power = new Power();
        files.runOn(power);
        folders = new LossyDisk(directory.resolve("holds"), power);
    }

    /** What goes for all of it at once. */
    Power power() {
        return power;
    }

    /** Where states on their way are. */
    LossyDisk folders() {
        return folders;
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

    /** What would be in the log after a loss of power now. */
    DurableLog durableLog() {
        return DurableLog.read(files, log());
    }

    Path log() {
        return Path.of("/log");
    }

    Path snapshots() {
        return Path.of("/snap");
    }

    /** Turns over a bit; what is returned makes everything what it was, after a start in vain. */
    Runnable damage(RandomGenerator random) {
        MemoryDisk whole = files.copy();
        files.flip(random);
        return () -> {
            files = whole;
            files.runOn(power);
        };
    }

    /** The power went: unsynced sectors are there or not. */
    void crash(RandomGenerator random) {
        files = files.crash(random);
        try {
            folders.crash(random);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        restorePower();
    }
}
