package io.quorate.backup.archive;

import io.quorate.backup.SnapshotException;
import io.quorate.backup.store.BackupStore;
import io.quorate.base.Directories;
import io.quorate.mvcc.HashKv;
import io.quorate.mvcc.StoredHistory;
import io.quorate.storage.Database;
import io.quorate.storage.StorageSettings;
import io.quorate.storage.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/**
 * Restores into a scratch directory and compares what was restored with what members said of it.
 *
 * @param scratch made and removed again; must not exist, or be what an earlier check left
 */
public record ArchiveCheck(BackupStore store, Seal seal, Path scratch) {

    /** What a live member says of a history that it still has. */
    @FunctionalInterface
    public interface Opinion {

        /** The hash of the history up to a revision, as of now; empty if it has not that revision any more. */
        Optional<HashKv.Result> hashKv(long revision);
    }

    /** Nobody to ask. */
    public static final Opinion NOBODY = revision -> Optional.empty();

    /**
     * What was found.
     *
     * @param revision the newest one that was restored
     * @param witnessed the last revision up to which a member had hashed the history; 0 for none
     * @param hash {@code HashKV} of the whole history that was restored
     */
    public record Report(long revision, long witnessed, int hash) {}

    /**
     * Restores, hashes, compares.
     *
     * @param opinion of a live member
     * @throws SnapshotException if the backup cannot be restored, or is not the history that a member had
     * @throws IOException if the store does not answer or the disk fails
     */
    public Report run(RestorePlan plan, Opinion opinion) throws IOException {
        if (plan.gap().isPresent()) {
            throw new SnapshotException(plan.gap().get());
        }
        Directories.delete(scratch);
        try (Database database = Database.open(scratch, StorageSettings.DEFAULTS)) {
            ArchiveImport.Restored restored = new ArchiveImport(store, seal, database).run(plan, 0, false);
            try (View view = database.view()) {
                StoredHistory history = new StoredHistory(view);
                HashKv.Result own = history.hashKv(restored.revision(), restored.compacted());
                long witnessed = compareWithWitnesses(history, own, restored);
                Optional<HashKv.Result> live = opinion.hashKv(restored.revision());
                if (live.isPresent()) {
                    compare(history, own, Witness.of(live.get()));
                    witnessed = restored.revision();
                }
                return new Report(restored.revision(), witnessed, own.hash());
            }
        } finally {
            Directories.delete(scratch);
        }
    }

    /** Each costs a pass over the history, so only the newest counts; it takes in all that earlier ones did. */
    private static long compareWithWitnesses(
            StoredHistory history, HashKv.Result own, ArchiveImport.Restored restored) {
        return restored.witnesses().stream()
                .max(Comparator.comparingLong(Witness::revision))
                .map(newest -> {
                    compare(history, own, newest);
                    return newest.revision();
                })
                .orElse(0L);
    }

    /** What was hashed already is not read again. */
    private static void compare(StoredHistory history, HashKv.Result own, Witness expected) {
        boolean known = expected.revision() == own.hashRevision() && expected.compacted() == own.compactRevision();
        int found = known
                ? own.hash()
                : history.hashKv(expected.revision(), expected.compacted()).hash();
        if (found != expected.hash()) {
            throw new SnapshotException("the backup is not the history that the member had: HashKV up to revision "
                    + expected.revision() + " is " + Integer.toUnsignedString(found) + " and was "
                    + Integer.toUnsignedString(expected.hash()));
        }
    }
}
