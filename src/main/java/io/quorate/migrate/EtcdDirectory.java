package io.quorate.migrate;

import io.quorate.base.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The directories of a stopped etcd. Nothing in them is changed.
 *
 * @param data its data directory
 * @param log where its log is
 */
public record EtcdDirectory(Path data, Path log) {

    private static final Path LOCKS = Path.of("/proc/locks");

    /** With the log in its usual place. */
    public static EtcdDirectory of(Path data) {
        return new EtcdDirectory(data, data.resolve("member").resolve("wal"));
    }

    Path snapshots() {
        return data.resolve("member").resolve("snap");
    }

    /** @throws MigrationException if there is no etcd's data, or its etcd runs */
    void check() {
        Path database = database();
        if (!Files.isRegularFile(database)) {
            throw new MigrationException(data + " is not the data directory of an etcd: " + database + " is missing.");
        }
        if (isLocked(database)) {
            throw new MigrationException("The etcd of " + data + " runs. Stop it first.");
        }
    }

    Path database() {
        return snapshots().resolve("db");
    }

    /** The database that came with a snapshot of the leader and is not in its place yet. */
    Path received(long index) {
        return snapshots().resolve(String.format(Locale.ROOT, "%016x.snap.db", index));
    }

    /** Etcd holds its database by flock, which Java cannot ask for; Linux lists such locks by inode. */
    private static boolean isLocked(Path database) {
        if (!Files.isReadable(LOCKS)) {
            return false;
        }
        try (Stream<String> locks = Files.lines(LOCKS)) {
            String inode = ":" + Files.getAttribute(database, "unix:ino") + " ";
            return locks.anyMatch(lock -> lock.contains("FLOCK") && lock.contains("WRITE") && lock.contains(inode));
        } catch (IOException e) {
            throw new MigrationException(
                    "Whether the etcd of " + database + " runs cannot be found out: " + FileFailure.describe(e), e);
        }
    }
}
