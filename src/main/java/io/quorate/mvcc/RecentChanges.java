package io.quorate.mvcc;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.storage.Cursor;
import io.quorate.storage.Family;
import io.quorate.storage.Reader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What has happened in a range since an old revision: taking it back from the state of today gives the state of then, both
 * the count, without a walk over the range, and the records, by one sequential scan.
 *
 * <p>A listing in pages at a pinned revision asks for the count of the rest with every page. Example: the range had
 * 1 000 000 keys at revision 10, by now five were created and two deleted; reading those seven records of the history gives
 * the count, and only those seven keys differ from what {@code CURRENT} has.
 */
final class RecentChanges {

    private final Reader reader;
    private final KeyRange range;
    private final long revision;
    private final Map<Bytes, Change> changes = new HashMap<>();

    private RecentChanges(Reader reader, KeyRange range, long revision) {
        this.reader = reader;
        this.range = range;
        this.revision = revision;
    }

    /** Whether so few revisions have passed that taking them back costs less than a walk over all versions. */
    static boolean pays(long revision, long currentRevision, long countNow) {
        return (currentRevision - revision) * 2 <= countNow;
    }

    /**
     * Reads what came after the revision.
     *
     * @param reader the state at {@code currentRevision}, which must not change
     */
    static RecentChanges since(long revision, Reader reader, KeyRange range, long currentRevision) {
        RecentChanges recent = new RecentChanges(reader, range, revision);
        byte[] from = new Revision(revision + 1, 0).storageKey();
        byte[] to = new Revision(currentRevision + 1, 0).storageKey();
        try (Cursor cursor = reader.cursor(Family.HISTORY, from, to)) {
            for (; cursor.isValid(); cursor.next()) {
                recent.add(Records.parse(cursor.value()), Revision.isTombstone(cursor.key()));
            }
        }
        return recent;
    }

    /** How many keys of the range lived at the revision, given how many live now. */
    long countThen(long countNow) {
        long count = countNow;
        for (Change change : changes.values()) {
            count += (change.lived ? 1 : 0) - (change.lives ? 1 : 0);
        }
        return count;
    }

    /** The records of the range as they were at the revision. */
    RecordSource recordsThen() {
        List<Bytes> touched = changes.keySet().stream().sorted().toList();
        return new Overlay(
                new CurrentSource(reader, range, Reader.Scan.SHORT),
                touched,
                key -> lived(key) ? PastSource.find(reader, key, revision) : null);
    }

    private boolean lived(Bytes key) {
        Change change = changes.get(key);
        return change != null && change.lived;
    }

    private void add(KeyValue record, boolean isTombstone) {
        Bytes key = Records.keyOf(record);
        if (range.contains(key)) {
            boolean livedBefore = isTombstone || record.getVersion() > 1;
            changes.computeIfAbsent(key, first -> new Change(livedBefore)).lives = !isTombstone;
        }
    }

    private static final class Change {

        private final boolean lived;
        private boolean lives;

        private Change(boolean lived) {
            this.lived = lived;
        }
    }
}
