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
        return changes.isEmpty() || range.isEmpty() ? stored : new Overlay(stored, in(range), revision);
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

    /** Merges the stored records with the pending ones, which win. */
    private static final class Overlay implements RecordSource {

        private final RecordSource stored;
        private final List<Touched> touched = new ArrayList<>();
        private int nextTouched;
        private boolean storedValid;
        private boolean storedConsumed = true;
        private @Nullable KeyValue pending;

        private Overlay(RecordSource stored, NavigableMap<Bytes, List<Change>> changes, long revision) {
            this.stored = stored;
            changes.forEach((key, ofKey) -> {
                Change change = newest(ofKey, revision);
                if (change != null) {
                    touched.add(new Touched(key, change.record()));
                }
            });
        }

        @Override
        public boolean advance() {
            while (true) {
                if (storedConsumed) {
                    storedValid = stored.advance();
                    storedConsumed = false;
                }
                if (nextTouched == touched.size()) {
                    storedConsumed = true;
                    pending = null;
                    return storedValid;
                }
                Touched next = touched.get(nextTouched);
                int order = storedValid ? stored.key().compareTo(next.key()) : 1;
                if (order <= 0) {
                    storedConsumed = true;
                }
                if (order < 0) {
                    pending = null;
                    return true;
                }
                nextTouched++;
                if (next.record() != null) {
                    pending = next.record();
                    return true;
                }
            }
        }

        @Override
        public Bytes key() {
            return pending == null ? stored.key() : Records.keyOf(pending);
        }

        @Override
        public KeyValue record() {
            return pending == null ? stored.record() : pending;
        }

        @Override
        public void close() {
            stored.close();
        }

        private record Touched(Bytes key, @Nullable KeyValue record) {}
    }
}
