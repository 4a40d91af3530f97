package io.quorate.mvcc;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a batch has written and the database does not have yet, so that later entries of the batch can read it. Puts by far
 * outnumber ranges within a batch, so the keys are hashed and only a range sorts those that it touches.
 */
final class PendingRecords {

    /**
     * One change.
     *
     * @param main the revision it belongs to
     * @param record what was put; null for a deletion
     * @param before the change of the key before this one in the batch
     */
    private record Change(
            long main, @Nullable KeyValue record, @Nullable Change before) {

        /** The newest of this and those before it at or below the revision. */
        static @Nullable Change at(@Nullable Change newest, long revision) {
            Change change = newest;
            while (change != null && change.main > revision) {
                change = change.before;
            }
            return change;
        }
    }

    private final Map<Bytes, Change> changes = new HashMap<>();

    /** @param record what was put; null for a deletion */
    void add(Bytes key, long main, @Nullable KeyValue record) {
        changes.compute(key, (same, before) -> new Change(main, record, before));
    }

    /** The key's record as the batch had put it by the revision; null when the batch has not, or deleted the key since. */
    @Nullable
    KeyValue newest(Bytes key, long revision) {
        Change change = Change.at(changes.get(key), revision);
        return change == null ? null : change.record();
    }

    /** The records of a range as the batch has changed them by a revision, laid over those in the database. */
    RecordSource over(RecordSource.Keyed stored, KeyRange range, long revision) {
        List<Bytes> touched = changes.entrySet().stream()
                .filter(change -> range.contains(change.getKey()) && Change.at(change.getValue(), revision) != null)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return touched.isEmpty() ? stored : new Overlay(stored, touched, key -> newest(key, revision));
    }
}
