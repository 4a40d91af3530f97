package io.quorate.mvcc;

import io.quorate.base.Bytes;
import io.quorate.mvcc.HistoryReader.RevisionEvents;
import io.quorate.mvcc.KeyReader.RecordMeter;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.storage.Cursor;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads past changes in the order they were made, for watches that start in the past or have fallen behind. May be used by
 * any thread at any time; takes no lock and sees published revisions only.
 */
public final class HistoryReader {

    private final MvccStore store;

    HistoryReader(MvccStore store) {
        this.store = store;
    }

    /** As {@link #read(long, long, int, long)}, however large the records are. */
    public HistoryPage read(long from, long to, int revisionsMax) {
        return read(from, to, revisionsMax, Long.MAX_VALUE);
    }

    /**
     * Reads whole revisions.
     *
     * @param from the first revision wanted; the compacted revision is the oldest that can be had
     * @param to the last revision wanted; revisions above the newest published one are left out
     * @param revisionsMax how many revisions the page holds at most
     * @param bytesMax how many bytes of stored records may be exceeded by at most one revision
     * @throws CompactedException when {@code from} lies below the compacted revision
     */
    public HistoryPage read(long from, long to, int revisionsMax, long bytesMax) {
        long last = Math.min(to, store.currentRevision());
        if (from > last) {
            checkReadable(from);
            return new HistoryPage(List.of(), from);
        }
        byte[] start = new Revision(from, 0).storageKey();
        byte[] end = new Revision(last + 1, 0).storageKey();
        try (Cursor cursor = store.database().cursor(Family.HISTORY, start, end)) {
            // Opened first, checked second: a compaction takes nothing away before its revision can be seen here.
            checkReadable(from);
            return page(cursor, last, revisionsMax, bytesMax);
        }
    }

    /**
     * The record of a key at a revision; null when the key did not live then, or when the revision lies below the compacted
     * one. The previous record of an event is that at the revision before the event's.
     */
    public @Nullable KeyValue recordAt(Bytes key, long revision) {
        Database database = store.database();
        KeyValue newest = current(database, key);
        if (newest != null && newest.getModRevision() <= revision) {
            return revision < store.compactedRevision() ? null : newest;
        }
        try (View view = database.view()) {
            return revision < store.compactedRevision() ? null : PastSource.find(view, key, revision);
        }
    }

    /**
     * Reads changes of one key, the newest first. Of those up to the compacted revision the newest one is kept, unless it is a deletion.
     *
     * @param before only changes of lower revisions
     * @param changesMax how many; the changes of one revision stay together, which may exceed it by some
     * @param meter is told of each record
     */
    public KeyChanges changes(Bytes key, long before, int changesMax, RecordMeter meter) {
        byte[] escaped = VersionKey.escape(key);
        try (View view = store.database().view()) {
            long newest = Math.min(before - 1, store.currentRevision());
            long compacted = store.compactedRevision(); // after the view: it has all that is not compacted now
            try (Cursor cursor =
                    view.cursor(Family.VERSIONS, VersionKey.newestAt(escaped, newest), VersionKey.behind(escaped))) {
                return changes(view, key, cursor, compacted, changesMax, meter);
            }
        }
    }

    private static KeyChanges changes(
            View view, Bytes key, Cursor versions, long compacted, int changesMax, RecordMeter meter) {
        List<Event> changes = new ArrayList<>();
        long last = -1;
        for (; versions.isValid(); versions.next()) {
            meter.visit();
            Revision version = VersionKey.revisionOf(versions.key());
            boolean deletion = versions.value().length > 0;
            boolean oldest = version.main() <= compacted; // what is behind it waits for its removal
            if (oldest && deletion) {
                break;
            }
            if (changes.size() >= changesMax && version.main() != last) {
                return new KeyChanges(changes, true, compacted);
            }
            last = version.main();
            changes.add(change(view, key, version, deletion, meter));
            if (oldest) {
                break;
            }
        }
        return new KeyChanges(changes, false, compacted);
    }

    private static Event change(View view, Bytes key, Revision version, boolean deletion, RecordMeter meter) {
        if (deletion) {
            return BatchTxn.deletion(key, version.main());
        }
        StoredRecord record = PastSource.read(view, key, version);
        meter.take(record.size());
        return Event.newBuilder()
                .setType(Event.EventType.PUT)
                .setKv(record.keyValue())
                .build();
    }

    private static @Nullable KeyValue current(Database database, Bytes key) {
        byte[] stored = database.get(Family.CURRENT, key.unwrap());
        return stored == null ? null : Records.parse(stored);
    }

    private void checkReadable(long revision) {
        long compacted = store.compactedRevision();
        if (revision < compacted) {
            throw new CompactedException(revision, compacted);
        }
    }

    private static HistoryPage page(Cursor cursor, long last, int revisionsMax, long bytesMax) {
        List<RevisionEvents> revisions = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        long revision = -1;
        long bytes = 0;
        for (; cursor.isValid(); cursor.next()) {
            byte[] storageKey = cursor.key();
            long main = Revision.parse(storageKey).main();
            if (main != revision) {
                if (revisions.size() == revisionsMax || bytes >= bytesMax) {
                    return new HistoryPage(revisions, main);
                }
                events = new ArrayList<>();
                revisions.add(new RevisionEvents(main, events));
                revision = main;
            }
            byte[] stored = cursor.value();
            bytes += stored.length;
            events.add(event(storageKey, main, Records.parse(stored)));
        }
        return new HistoryPage(revisions, last + 1);
    }

    private static Event event(byte[] storageKey, long revision, KeyValue record) {
        return Revision.isTombstone(storageKey)
                ? BatchTxn.deletion(Records.keyOf(record), revision)
                : Event.newBuilder().setType(Event.EventType.PUT).setKv(record).build();
    }

    /**
     * All changes of one revision.
     *
     * @param revision the main revision
     * @param events the changes in the order they were made, without previous records
     */
    public record RevisionEvents(long revision, List<Event> events) {}

    /**
     * A run of whole revisions.
     *
     * @param revisions in ascending order; revisions that changed nothing do not exist
     * @param next the first revision that the page does not cover; one above the last asked for, or above the newest published
     *     one, when the page is complete
     */
    public record HistoryPage(List<RevisionEvents> revisions, long next) {}

    /**
     * Changes of one key.
     *
     * @param changes the newest first, without previous records
     * @param more whether there are older ones
     * @param compactedRevision up to which changes may be missing
     */
    public record KeyChanges(List<Event> changes, boolean more, long compactedRevision) {}
}
