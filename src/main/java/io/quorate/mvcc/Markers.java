package io.quorate.mvcc;

import io.quorate.storage.Cursor;
import io.quorate.storage.Family;
import io.quorate.storage.Reader;
import java.nio.charset.StandardCharsets;

/**
 * How far compaction has come, as kept in {@code META} under etcd's names; the values are storage keys of revisions.
 *
 * @param scheduled the revision of the newest compaction that was applied; -1 for none
 * @param finished the revision of the newest compaction whose removal ended; -1 for none
 */
record Markers(long scheduled, long finished) {

    static final long NEVER = -1;
    static final byte[] SCHEDULED_KEY = "scheduledCompactRev".getBytes(StandardCharsets.UTF_8);
    static final byte[] FINISHED_KEY = "finishedCompactRev".getBytes(StandardCharsets.UTF_8);

    static Markers read(Reader reader) {
        return new Markers(read(reader, SCHEDULED_KEY), read(reader, FINISHED_KEY));
    }

    /** There while a state is being loaded. */
    static final byte[] LOADING_KEY = "loading".getBytes(StandardCharsets.UTF_8);

    static byte[] value(long revision) {
        return new Revision(revision, 0).storageKey();
    }

    /** The compacted revision: a compaction counts from the moment it was applied. */
    long newest() {
        return Math.max(scheduled, finished);
    }

    /**
     * The newest main revision in the history, or -1 when there is none. Cursors only look forwards, so it is searched by
     * halving: 64 seeks at a start.
     */
    static long newestRevision(Reader reader) {
        try (Cursor cursor = reader.cursor(Family.HISTORY, null, null)) {
            if (!cursor.isValid()) {
                return NEVER;
            }
            long low = Revision.parse(cursor.key()).main();
            long high = Long.MAX_VALUE;
            while (low < high) {
                long middle = low + (high - low) / 2 + 1;
                cursor.seek(new Revision(middle, 0).storageKey());
                if (cursor.isValid()) {
                    low = Revision.parse(cursor.key()).main();
                } else {
                    high = middle - 1;
                }
            }
            return low;
        }
    }

    private static long read(Reader reader, byte[] key) {
        byte[] stored = reader.get(Family.META, key);
        return stored == null ? NEVER : Revision.parse(stored).main();
    }
}
