package io.quorate.node.snapshot;

import io.quorate.base.Fault;
import io.quorate.node.snapshot.SnapshotFileCodec.UnreadableSnapshotException;
import io.quorate.node.wal.Disk;
import io.quorate.node.wal.DiskFile;
import io.quorate.node.wal.WalSnapshot;
import io.quorate.raft.Snapshot;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lombok.extern.slf4j.Slf4j;

/**
 * The snapshot files of a member. A file is whole or not there: it is written under a temporary name and renamed when
 * durable. A failed write is a {@link Fault}.
 */
@Slf4j
public final class SnapshotFiles {

    private static final String TEMPORARY = ".tmp";
    private static final String BROKEN = ".broken";

    private final Path directory;
    private final Disk disk;

    /** Creates the directory where missing and removes what a crash left half-written. */
    public SnapshotFiles(Path directory, Disk disk) {
        this.directory = directory;
        this.disk = disk;
        try {
            disk.createDirectories(directory);
            for (String name : disk.list(directory)) {
                if (name.endsWith(TEMPORARY)) {
                    disk.delete(directory.resolve(name));
                }
            }
        } catch (IOException failed) {
            throw cannot("use the snapshots in " + directory, failed);
        }
    }

    /** Saves a snapshot; it is durable on return. Only then may it be noted in the log. */
    public void save(Snapshot snapshot) {
        SnapshotFileName name = new SnapshotFileName(snapshot.term(), snapshot.index());
        Path target = directory.resolve(name.toString());
        Path temporary = directory.resolve(name + TEMPORARY);
        try {
            try (DiskFile file = disk.create(temporary)) {
                file.write(ByteBuffer.wrap(SnapshotFileCodec.encode(snapshot)), 0);
                file.sync(true);
            }
            disk.rename(temporary, target);
            disk.syncDirectory(directory);
        } catch (IOException failed) {
            throw cannot("save the snapshot " + target, failed);
        }
    }

    /**
     * The newest usable snapshot among those noted in the log. A damaged one is renamed, so that it is never loaded again,
     * and the next older one is tried.
     *
     * @param acceptable the notes of the log
     */
    public Optional<Snapshot> loadNewest(List<WalSnapshot> acceptable) {
        try {
            for (SnapshotFileName name : names().reversed()) {
                if (acceptable.stream().anyMatch(note -> note.matches(name.index(), name.term()))) {
                    Optional<Snapshot> snapshot = load(name);
                    if (snapshot.isPresent()) {
                        return snapshot;
                    }
                }
            }
            return Optional.empty();
        } catch (IOException failed) {
            throw cannot("load a snapshot from " + directory, failed);
        }
    }

    /**
     * The newest snapshot in a directory of another program among those noted in its log. Changes nothing; one that cannot be read
     * is passed over.
     *
     * @param acceptable the notes of the log
     */
    public static Optional<Snapshot> newestIn(Path directory, Disk disk, List<WalSnapshot> acceptable) {
        try {
            List<SnapshotFileName> names = names(directory, disk);
            for (SnapshotFileName name : names.reversed()) {
                if (acceptable.stream().noneMatch(note -> note.matches(name.index(), name.term()))) {
                    continue;
                }
                Path path = directory.resolve(name.toString());
                try {
                    return Optional.of(SnapshotFileCodec.decode(read(path, disk)));
                } catch (UnreadableSnapshotException unreadable) {
                    log.warn("Passing over the snapshot {}: {}", path, unreadable.getMessage());
                }
            }
            return Optional.empty();
        } catch (IOException failed) {
            throw cannot("load a snapshot from " + directory, failed);
        }
    }

    private Optional<Snapshot> load(SnapshotFileName name) throws IOException {
        Path path = directory.resolve(name.toString());
        try {
            Snapshot snapshot = SnapshotFileCodec.decode(read(path, disk));
            if (snapshot.index() != name.index() || snapshot.term() != name.term()) {
                throw new UnreadableSnapshotException(
                        "it holds index " + snapshot.index() + " of term " + snapshot.term());
            }
            return Optional.of(snapshot);
        } catch (UnreadableSnapshotException unreadable) {
            log.warn("Setting the snapshot {} aside: {}", path, unreadable.getMessage());
            disk.rename(path, directory.resolve(name + BROKEN));
            disk.syncDirectory(directory);
            return Optional.empty();
        }
    }

    private static byte[] read(Path path, Disk disk) throws IOException {
        try (DiskFile file = disk.openForReading(path)) {
            ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(file.size()));
            while (content.hasRemaining()) {
                if (file.read(content, content.position()) < 0) {
                    throw new EOFException(path + " became shorter while it was read");
                }
            }
            return content.array();
        }
    }

    /**
     * Deletes the oldest files.
     *
     * @param keep how many of the newest stay; 0 keeps all
     * @return how many were deleted
     */
    public int purge(int keep) {
        try {
            List<SnapshotFileName> names = names();
            int surplus = keep <= 0 ? 0 : Math.max(0, names.size() - keep);
            for (SnapshotFileName name : names.subList(0, surplus)) {
                disk.delete(directory.resolve(name.toString()));
            }
            if (surplus > 0) {
                disk.syncDirectory(directory);
            }
            return surplus;
        } catch (IOException failed) {
            throw cannot("purge the snapshots in " + directory, failed);
        }
    }

    /** Oldest first. */
    private List<SnapshotFileName> names() throws IOException {
        return names(directory, disk);
    }

    private static List<SnapshotFileName> names(Path directory, Disk disk) throws IOException {
        return disk.list(directory).stream()
                .map(SnapshotFileName::parse)
                .flatMap(Optional::stream)
                .sorted()
                .toList();
    }

    private static Fault cannot(String what, IOException cause) {
        return new Fault("cannot " + what + ": " + cause.getMessage(), cause);
    }
}
