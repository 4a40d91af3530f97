package io.quorate.backup.archive;

import io.quorate.backup.archive.ArchiveName.Full;
import io.quorate.backup.archive.ArchiveName.Segment;
import io.quorate.backup.archive.ArchiveName.State;
import io.quorate.backup.store.BackupStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Lists the objects of one cluster, each kind in the order of time. Names that are not ours are passed over. */
public final class ArchiveListing {

    private final BackupStore store;
    private final long cluster;
    private final Seal seal;

    /** @param seal objects that are sealed with another key, or not at all, do not count */
    public ArchiveListing(BackupStore store, long cluster, Seal seal) {
        this.store = store;
        this.cluster = cluster;
        this.seal = seal;
    }

    /** Whether there are full backups that are sealed in another way. */
    public boolean hasOtherSeals() throws IOException {
        return newestOfOtherSeals().isPresent();
    }

    /** The time of the newest full backup that is sealed in another way. */
    public Optional<Instant> newestOfOtherSeals() throws IOException {
        List<Instant> found = new ArrayList<>();
        store.list(
                ArchiveName.folder(cluster, ArchiveName.FULL),
                "",
                item -> ArchiveName.parse(item.name())
                        .filter(name -> !name.seal().equals(seal.id()))
                        .ifPresent(name -> found.add(name.time())));
        return found.stream().max(Comparator.naturalOrder());
    }

    /** The clusters that have a folder. */
    public static List<Long> clusters(BackupStore store) throws IOException {
        List<Long> found = new ArrayList<>();
        for (String folder : store.folders()) {
            ArchiveName.clusterOf(folder).ifPresent(found::add);
        }
        return found;
    }

    /** All full backups. */
    public List<Full> fulls() throws IOException {
        List<Full> found = new ArrayList<>();
        list(ArchiveName.FULL, Instant.MIN, (name, bytes) -> {
            if (name instanceof Full full) {
                found.add(full);
            }
        });
        return found;
    }

    /**
     * The segments of a time and later.
     *
     * @param each gets them with their size in bytes
     */
    public void segments(Instant since, BiConsumer<Segment, Long> each) throws IOException {
        list(ArchiveName.LOG, since, (name, bytes) -> {
            if (name instanceof Segment segment) {
                each.accept(segment, bytes);
            }
        });
    }

    /** All states. */
    public void states(Consumer<State> each) throws IOException {
        list(ArchiveName.STATE, Instant.MIN, (name, bytes) -> {
            if (name instanceof State state) {
                each.accept(state);
            }
        });
    }

    private void list(String kind, Instant since, BiConsumer<ArchiveName, Long> each) throws IOException {
        String folder = ArchiveName.folder(cluster, kind);
        String after = since.equals(Instant.MIN) ? "" : ArchiveName.since(folder, since);
        store.list(
                folder,
                after,
                item -> ArchiveName.parse(item.name())
                        .filter(name -> name.seal().equals(seal.id()))
                        .ifPresent(name -> each.accept(name, item.bytes())));
    }
}
