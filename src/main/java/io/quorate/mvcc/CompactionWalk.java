package io.quorate.mvcc;

import io.quorate.storage.Family;
import io.quorate.storage.WriteSet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One walk of the compaction over {@code VERSIONS}, and where it stands between two batches.
 *
 * <p>Used by the thread that compacts, with the lock of {@link Compaction} held.
 */
final class CompactionWalk {

    private static final byte[] NONE = {};

    private final long revision;
    private byte @Nullable [] place;
    private byte[] group = NONE;
    private boolean newestFound;
    private byte @Nullable [] deletion;
    private int removed;

    CompactionWalk(long revision) {
        this.revision = revision;
    }

    long revision() {
        return revision;
    }

    /** Where the next batch begins; null for the very beginning. */
    byte @Nullable [] place() {
        return place;
    }

    /** How many versions the batch has removed so far. */
    int removed() {
        return removed;
    }

    /** Decides about one entry; they come in their order, the versions of a key from the newest to the oldest. */
    void visit(byte[] entry, boolean tombstone, WriteSet removals) {
        if (!VersionKey.belongsTo(entry, group)) {
            end(removals);
            group = VersionKey.escapedOf(entry);
            newestFound = false;
        }
        long main = VersionKey.mainOf(entry);
        if (main <= revision) {
            if (newestFound) {
                remove(entry, tombstone, removals);
            } else if (tombstone && main < revision) {
                deletion = entry;
            }
            newestFound = true;
        }
        place = Arrays.copyOf(entry, entry.length + 1);
    }

    /**
     * All versions of the key have been visited. Only now its deletion goes: removed before the older versions, it would
     * for a moment look as if the key lived.
     */
    void end(WriteSet removals) {
        if (deletion != null) {
            remove(deletion, true, removals);
            deletion = null;
        }
    }

    void batchEnds() {
        removed = 0;
    }

    private void remove(byte[] entry, boolean tombstone, WriteSet removals) {
        Revision version = VersionKey.revisionOf(entry);
        removals.delete(Family.VERSIONS, entry);
        removals.delete(Family.HISTORY, tombstone ? version.tombstoneKey() : version.storageKey());
        removed++;
    }
}
