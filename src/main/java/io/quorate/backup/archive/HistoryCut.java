package io.quorate.backup.archive;

import io.quorate.mvcc.StoredHistory;
import io.quorate.storage.Cursor;

/**
 * The revisions that go into the next segment: whole ones, until a number of bytes is reached.
 *
 * @param end the last of them; the beginning if there are none
 * @param bytes of their records
 * @param isNewest whether the end is the newest revision of the view
 */
public record HistoryCut(Point end, long bytes, boolean isNewest) {

    /**
     * Measures what lies behind a point.
     *
     * @param bytesMax may be exceeded by the last revision
     */
    public static HistoryCut of(StoredHistory history, Point begin, long bytesMax) {
        long newest = history.newestRevision();
        long revision = begin.revision();
        long tip = begin.tip();
        long bytes = 0;
        StoredHistory.Tip growing = new StoredHistory.Tip();
        try (Cursor cursor = history.records(begin.revision(), newest)) {
            for (; cursor.isValid(); cursor.next()) {
                byte[] key = cursor.key();
                byte[] value = cursor.value();
                long next = StoredHistory.revisionOf(key);
                if (next != revision) {
                    if (revision != begin.revision()) {
                        tip = growing.value();
                        if (bytes >= bytesMax) {
                            return new HistoryCut(new Point(revision, tip), bytes, false);
                        }
                    }
                    revision = next;
                }
                growing.add(key, value);
                bytes += key.length + value.length;
            }
        }
        boolean any = revision != begin.revision();
        return new HistoryCut(any ? new Point(revision, growing.value()) : begin, bytes, true);
    }

    /** Whether there is nothing. */
    public boolean isEmpty() {
        return bytes == 0;
    }
}
