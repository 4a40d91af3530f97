package io.quorate.backup.archive;

import io.quorate.backup.MemberDirectory;
import io.quorate.backup.RestoredCluster;
import io.quorate.backup.SnapshotException;
import io.quorate.backup.store.BackupStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Makes the directory of a member of a new cluster from objects of a store.
 *
 * @param cluster the member and the others
 * @param bump what is added to the newest revision; 0 for nothing
 * @param markCompacted whether no watch shall go on from a revision that is restored
 */
public record ArchiveRestore(RestoredCluster cluster, long bump, boolean markCompacted) {

    /**
     * Restores; durable on return. If it fails, the directory is as it was.
     *
     * @return the newest revision
     * @throws SnapshotException if an object cannot be used, or there is something in the directory already
     * @throws IOException if the disk fails or the store does not answer
     */
    public long into(MemberDirectory directory, BackupStore store, Seal seal, RestorePlan plan) throws IOException {
        long[] revision = {0};
        MemberDirectory.Log log =
                new MemberDirectory.Log(cluster.identity(), cluster.origin(), cluster.hardState(), List.of());
        try {
            directory.create(log, database -> {
                try {
                    revision[0] = new ArchiveImport(store, seal, database)
                            .run(plan, bump, markCompacted)
                            .revision();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                cluster.writeTo(database);
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return revision[0];
    }
}
