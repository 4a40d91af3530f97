package io.quorate.mvcc;

import com.google.protobuf.CodedOutputStream;
import io.quorate.storage.Database;
import io.quorate.storage.Reader.Scan;
import io.quorate.storage.View;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A range in key order that may be too large to be held, in the two steps of a {@link RangePlan}. {@link #run} gathers records as long
 * as there is room, and from there on adds up their sizes only: the value of a record is not even copied for that.
 *
 * @param revision that is read
 * @param current the newest revision of the view
 * @param countNow live keys in the range at that revision
 * @param view the state; closed by {@link #run} or by the range that it opens
 */
record RangeOpening(RangeQuery query, long revision, long current, long countNow, View view, Revocation revocation) {

    /**
     * Fixes what a query reads. The read lock must be held.
     *
     * @return null if a {@link RangePlan} is the way to read it
     */
    static @Nullable RangeOpening prepare(
            RangeQuery query, Database database, KeyIndex index, long current, long compacted) {
        if (query.range().isSingle() || query.countOnly() || !query.isInKeyOrder()) {
            return null;
        }
        long revision = RangePlan.resolve(query.revision(), current, compacted);
        long countNow = index.count(query.range());
        long fetched = query.hasFilter() ? countNow : Math.min(countNow, query.fetchLimit());
        boolean ofIndex = query.needsNoValues() && fetched <= RangePlan.INDEX_KEYS_MAX;
        if (revision == current && (countNow == 0 || ofIndex || IndexChoice.pays(query, countNow))) {
            return null;
        }
        Revocation revocation = new Revocation();
        return new RangeOpening(query, revision, current, countNow, database.view(revocation), revocation);
    }

    RangeAnswer run(IntPredicate room) {
        RangeAnswer answer = null;
        try {
            answer = read(room);
            return answer;
        } finally {
            if (!(answer instanceof OpenRange)) {
                view.close();
            }
        }
    }

    private RangeAnswer read(IntPredicate room) {
        if (revision == current) {
            return read(new CurrentSource(view, query.range(), Scan.LONG), () -> countNow, room);
        }
        if (RecentChanges.pays(revision, current, countNow)) {
            RecentChanges changes = RecentChanges.since(revision, view, query.range(), current);
            return read(changes.recordsThen(), () -> changes.countThen(countNow), room);
        }
        CountingSource walk = new CountingSource(new PastSource(view, query.range(), revision));
        return read(walk, walk::countAll, room);
    }

    private RangeAnswer read(RecordSource source, LongSupplier count, IntPredicate room) {
        List<StoredRecord> held = new ArrayList<>();
        boolean holds = true;
        long records = 0;
        long bytes = 0;
        int last = 0;
        try (source) {
            while (records < query.fetchLimit() && source.advance()) {
                revocation.check();
                query.meter().visit();
                StoredRecord record = holds || readsRecords() ? source.record() : null;
                if (record != null && query.hasFilter() && !query.matches(record.meta())) {
                    continue;
                }
                StoredRecord shown = record != null && query.needsNoValues() ? RangeResults.blank(record) : record;
                int size = shown == null ? source.size() : shown.size();
                records++;
                last = fieldBytes(size);
                bytes += last;
                holds = holds && room.test(size);
                if (holds && shown != null) {
                    held.add(shown);
                } else if (!held.isEmpty()) {
                    held = new ArrayList<>();
                }
            }
            if (holds) {
                return RangeResults.finish(query, held, count, current);
            }
            boolean more = query.limit() > 0 && records > query.limit();
            OpenRange.Size size = new OpenRange.Size(more ? records - 1 : records, more ? bytes - last : bytes);
            return new OpenRange(this, size, query.uncounted() ? 0 : count.getAsLong(), more);
        }
    }

    /** Whether a record has to be read to know what is shown of it, or read once for its size and its content. */
    boolean readsRecords() {
        return revision < current || query.hasFilter() || query.needsNoValues();
    }

    /** What a record of so many bytes takes as a field of a response. */
    static int fieldBytes(int size) {
        return 1 + CodedOutputStream.computeUInt32SizeNoTag(size) + size;
    }
}
