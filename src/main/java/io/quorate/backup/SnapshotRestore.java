package io.quorate.backup;

import io.quorate.bbolt.BboltException;
import java.io.IOException;
import java.util.List;

/**
 * Makes the directory of a member of a new cluster from a snapshot.
 *
 * @param cluster the member and the others
 * @param bump what is added to the newest revision; 0 for nothing
 * @param markCompacted whether no watch shall go on from a revision of the snapshot
 */
public record SnapshotRestore(RestoredCluster cluster, long bump, boolean markCompacted) {

    /**
     * Restores; durable on return. If it fails, the directory is as it was.
     *
     * @return the newest revision
     * @throws SnapshotException if the snapshot is damaged, or there is something already
     * @throws IOException if the disk fails
     */
    public long into(MemberDirectory directory, SnapshotFile snapshot) throws IOException {
        long[] revision = {0};
        MemberDirectory.Log log =
                new MemberDirectory.Log(cluster.identity(), cluster.origin(), cluster.hardState(), List.of());
        try {
            directory.create(log, database -> {
                revision[0] = new StateImport(snapshot.file(), database).run(bump, markCompacted);
                cluster.writeTo(database);
                snapshot.verify();
            });
        } catch (BboltException | SnapshotException e) {
            snapshot.verify(); // that the file was changed tells more than what was found of it
            throw e instanceof BboltException damage ? snapshot.damaged(damage) : e;
        }
        return revision[0];
    }
}
