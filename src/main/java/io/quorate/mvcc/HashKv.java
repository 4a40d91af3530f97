package io.quorate.mvcc;

import io.quorate.storage.Cursor;
import io.quorate.storage.Family;
import io.quorate.storage.Reader.Scan;
import io.quorate.storage.View;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.zip.CRC32C;

/**
 * The hash by which members find out whether they hold the same history: CRC-32C over the word {@code key} and then every
 * storage key with its record, up to a revision. An etcd with the same history comes to the same hash.
 *
 * <p>Whatever a compaction would remove is left out, whether it has been removed already or not. As in etcd, that is decided by what
 * lives at the hashed revision: of the records up to the compacted revision C those count that are the newest of a key that lives at the
 * hashed revision R. If no key lives at R, those count that the compaction at C keeps, without a deletion exactly at C. Example: {@code a}
 * is put at 2 and deleted at 4, {@code b} is put at 3; with C = 2, the hash of R = 3 has the records of 2 and 3, that of R = 4 has those
 * of 3 and 4. Members that name the same compacted revision and the same last revision must come to the same hash.
 */
public final class HashKv {

    private final View view;
    private final long upTo;
    private final long compacted;
    private final long current;

    HashKv(View view, long upTo, long compacted, long current) {
        this.view = view;
        this.upTo = upTo;
        this.compacted = compacted;
        this.current = current;
    }

    /**
     * A hash and what it is about.
     *
     * @param hash the CRC-32C as an unsigned number
     * @param hashRevision the last revision that was taken in
     * @param compactRevision the compacted revision; -1 for none
     * @param currentRevision the newest revision of the state
     */
    public record Result(int hash, long hashRevision, long compactRevision, long currentRevision) {}

    /**
     * Reads the history once. The view stays open.
     *
     * @throws CancellationException if the thread is interrupted
     */
    Result compute() {
        CRC32C living = newSum();
        CRC32C surviving = newSum();
        boolean anyLives = false;
        byte[] end = new Revision(upTo + 1, 0).storageKey();
        try (Cursor cursor = view.cursor(Family.HISTORY, null, end, Scan.LONG)) {
            for (; cursor.isValid(); cursor.next()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("hashing was interrupted");
                }
                byte[] storageKey = cursor.key();
                byte[] stored = cursor.value();
                Revision revision = Revision.parse(storageKey);
                boolean old = revision.main() <= compacted;
                boolean lives = (old || !anyLives) && isNewest(storageKey, revision, stored, upTo);
                anyLives |= lives;
                add(living, storageKey, stored, !old || lives);
                // Counts only if no key lives, so there is nothing more to find out once one does.
                add(
                        surviving,
                        storageKey,
                        stored,
                        !anyLives && (!old || isNewest(storageKey, revision, stored, compacted)));
            }
        }
        return new Result((int) (anyLives ? living : surviving).getValue(), upTo, compacted, current);
    }

    private static CRC32C newSum() {
        CRC32C sum = new CRC32C();
        sum.update("key".getBytes(StandardCharsets.UTF_8));
        return sum;
    }

    private static void add(CRC32C sum, byte[] storageKey, byte[] stored, boolean counts) {
        if (counts) {
            sum.update(storageKey);
            sum.update(stored);
        }
    }

    /** Whether it is a put, and the newest change of its key up to a revision. */
    private boolean isNewest(byte[] storageKey, Revision revision, byte[] stored, long bound) {
        if (Revision.isTombstone(storageKey)) {
            return false;
        }
        byte[] escaped = VersionKey.escape(Records.keyOf(Records.parse(stored)));
        try (Cursor newest =
                view.cursor(Family.VERSIONS, VersionKey.newestAt(escaped, bound), VersionKey.behind(escaped))) {
            return newest.isValid() && VersionKey.revisionOf(newest.key()).equals(revision);
        }
    }
}
