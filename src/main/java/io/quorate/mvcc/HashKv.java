package io.quorate.mvcc;

import io.quorate.base.Bytes;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.storage.Cursor;
import io.quorate.storage.Family;
import io.quorate.storage.Reader.Scan;
import io.quorate.storage.View;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The hash by which members find out whether they hold the same history: CRC-32C over the word {@code key} and then every
 * storage key with its record, up to a revision.
 *
 * <p>Whatever a compaction at the compacted revision would remove is left out, whether it has been removed already or not, and
 * so is a deletion exactly at that revision. Two members that name the same compacted revision and the same last revision
 * must come to the same hash.
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

    /** Reads the history once; closes the view. */
    Result compute() {
        CRC32C crc = new CRC32C();
        crc.update("key".getBytes(StandardCharsets.UTF_8));
        byte[] end = new Revision(upTo + 1, 0).storageKey();
        try (view;
                Cursor cursor = view.cursor(Family.HISTORY, null, end, Scan.LONG)) {
            for (; cursor.isValid(); cursor.next()) {
                byte[] storageKey = cursor.key();
                byte[] stored = cursor.value();
                Revision revision = Revision.parse(storageKey);
                if (revision.main() > compacted || survives(storageKey, revision, stored)) {
                    crc.update(storageKey);
                    crc.update(stored);
                }
            }
        }
        return new Result((int) crc.getValue(), upTo, compacted, current);
    }

    /** Whether it is a put, and the newest change of its key up to the compacted revision. */
    private boolean survives(byte[] storageKey, Revision revision, byte[] stored) {
        if (Revision.isTombstone(storageKey)) {
            return false;
        }
        KeyValue record = Records.parse(stored);
        Bytes key = Records.keyOf(record);
        byte[] escaped = VersionKey.escape(key);
        try (Cursor newest =
                view.cursor(Family.VERSIONS, VersionKey.newestAt(escaped, compacted), VersionKey.behind(escaped))) {
            return newest.isValid() && VersionKey.revisionOf(newest.key()).equals(revision);
        }
    }
}
