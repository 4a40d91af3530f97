package io.quorate.mvcc;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a batch has written and the database does not have yet, so that later entries of the batch can read it. */
final class PendingRecords {

    /**
     * One change.
     *
     * @param main the revision it belongs to
     * @param record what was put; null for a deletion
     */
    record Change(long main, @Nullable KeyValue record) {}

    private final TreeMap<Bytes, List<Change>> changes = new TreeMap<>();

    void add(Bytes key, Change change) {
        changes.computeIfAbsent(key, first -> new ArrayList<>(2)).add(change);
    }

    /** The newest change of the key at or below the revision, or null when the batch has not touched the key by then. */
    @Nullable
    Change newest(Bytes key, long revision) {
        List<Change> ofKey = changes.get(key);
        return ofKey == null ? null : newest(ofKey, revision);
    }

    /** The records of a range as the batch has changed them by a revision, laid over those in the database. */
    RecordSource over(RecordSource stored, KeyRange range, long revision) {
        if (range.isEmpty()) {
            return stored;
        }
        List<Bytes> touched = new ArrayList<>();
        in(range).forEach((key, ofKey) -> {
            if (newest(ofKey, revision) != null) {
                touched.add(key);
            }
        });
        return touched.isEmpty() ? stored : new Overlay(stored, touched, key -> record(key, revision));
    }

    private @Nullable KeyValue record(Bytes key, long revision) {
        Change change = newest(key, revision);
        return change == null ? null : change.record();
    }

    private NavigableMap<Bytes, List<Change>> in(KeyRange range) {
        Bytes end = range.end();
        return end == null ? changes.tailMap(range.start(), true) : changes.subMap(range.start(), true, end, false);
    }

    private static @Nullable Change newest(List<Change> ofKey, long revision) {
        for (int i = ofKey.size() - 1; i >= 0; i--) {
            Change change = ofKey.get(i);
            if (change.main() <= revision) {
                return change;
            }
        }
        return null;
    }
}
