package io.quorate.mvcc;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.storage.Cursor;
import io.quorate.storage.Family;
import io.quorate.storage.Reader;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the keys of a range at an old revision without walking the range: from the count of today, which the index knows,
 * by taking back what has happened since.
 *
 * <p>A listing in pages at a pinned revision asks for the count of the rest on every page. Example: at revision 10 the range
 * had 1 000 000 keys, by now five were created and two deleted; reading those seven records gives the answer.
 */
final class PastCount {

    private PastCount() {}

    /** Whether so few revisions have passed that taking them back costs less than a walk over the range. */
    static boolean pays(long revision, long currentRevision, long countNow) {
        return (currentRevision - revision) * 2 <= countNow;
    }

    /**
     * How many keys of the range lived at the revision.
     *
     * @param reader the state at {@code currentRevision}
     * @param countNow the keys of the range in that state
     */
    static long at(long revision, Reader reader, KeyRange range, long currentRevision, long countNow) {
        Map<ByteString, Change> changes = new HashMap<>();
        byte[] from = new Revision(revision + 1, 0).storageKey();
        byte[] to = new Revision(currentRevision + 1, 0).storageKey();
        try (Cursor cursor = reader.cursor(Family.HISTORY, from, to)) {
            for (; cursor.isValid(); cursor.next()) {
                KeyValue record = Records.parse(cursor.value());
                Bytes key = Records.keyOf(record);
                if (range.contains(key)) {
                    boolean lives = !Revision.isTombstone(cursor.key());
                    boolean livedBefore = !lives || record.getVersion() > 1;
                    // the copy lets go of the value, which the key of the record shares its array with
                    changes.computeIfAbsent(Records.shared(key), first -> new Change(livedBefore)).lives = lives;
                }
            }
        }
        long count = countNow;
        for (Change change : changes.values()) {
            count += (change.lived ? 1 : 0) - (change.lives ? 1 : 0);
        }
        return count;
    }

    private static final class Change {

        private final boolean lived;
        private boolean lives;

        private Change(boolean lived) {
            this.lived = lived;
        }
    }
}
