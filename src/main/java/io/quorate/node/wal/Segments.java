package io.quorate.node.wal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The segment files of a log, oldest first; may be used by any thread. */
final class Segments {

    private final Path directory;
    private final Disk disk;

    @GuardedBy("this")
    private final List<SegmentName> names;

    @GuardedBy("this")
    private long released;

    Segments(Path directory, Disk disk, List<SegmentName> names) {
        this.directory = directory;
        this.disk = disk;
        this.names = new ArrayList<>(names);
    }

    /**
     * All segments in a directory, oldest first.
     *
     * @throws WalCorruptException if one is missing between two others
     */
    static List<SegmentName> list(Path directory, Disk disk) throws IOException {
        List<SegmentName> names = disk.list(directory).stream()
                .map(SegmentName::parse)
                .flatMap(Optional::stream)
                .sorted()
                .toList();
        for (int i = 1; i < names.size(); i++) {
            if (names.get(i).sequence() != names.get(i - 1).sequence() + 1) {
                throw new WalCorruptException(
                        directory, 0, "segment " + names.get(i) + " does not follow " + names.get(i - 1));
            }
        }
        return names;
    }

    /**
     * The segments that hold everything behind an index, and the note of the snapshot at it.
     *
     * @throws WalCorruptException if the first of them is not there any more
     */
    static List<SegmentName> behind(Path directory, List<SegmentName> names, long index) {
        for (int i = names.size() - 1; i >= 0; i--) {
            if (names.get(i).index() <= index) {
                return names.subList(i, names.size());
            }
        }
        throw new WalCorruptException(
                directory, 0, "no segment reaches back to index " + index + ", the oldest is " + names.getFirst());
    }

    synchronized SegmentName newest() {
        return names.getLast();
    }

    synchronized void add(SegmentName name) {
        names.add(name);
    }

    synchronized void releaseTo(long index) {
        released = Math.max(released, index);
    }

    /** Deletes the oldest files that are not needed to read from the released index on; returns how many. */
    synchronized int purge(int maxFiles) throws IOException {
        int deleted = 0;
        while (maxFiles > 0 && names.size() > maxFiles && isOldestReleased()) {
            disk.delete(directory.resolve(names.getFirst().toString()));
            // in order, or a crash could leave a hole in the sequence
            disk.syncDirectory(directory);
            names.removeFirst();
            deleted++;
        }
        return deleted;
    }

    /** Whether reading from the released index on begins at a later segment, see {@link #behind}. */
    @GuardedBy("this")
    private boolean isOldestReleased() {
        long upTo = released;
        return names.stream().skip(1).anyMatch(name -> name.index() <= upTo);
    }
}
