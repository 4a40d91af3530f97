package io.quorate.mvcc;

import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.MvccException.FutureRevisionException;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.Reader;
import io.quorate.storage.Reader.Scan;
import io.quorate.storage.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A range read of the published state in two steps: {@link #prepare} needs the read lock and fixes the state that will be
 * seen, {@link #run} does the long part and needs no lock.
 *
 * <p>What the index can answer, and single keys, are done while preparing; the rest leaves an open cursor or view, so every
 * plan must be run exactly once.
 */
sealed interface RangePlan {

    /**
     * As many keys are listed from the index under the lock, which takes some ten milliseconds; longer lists come from the
     * database without the lock.
     */
    int INDEX_KEYS_MAX = 100_000;

    /** From this many records on, a scan asks for read-ahead from the start. */
    int LONG_SCAN_RECORDS = 100_000;

    /** Does the reading that is left and closes what the plan holds. */
    RangeResult run();

    /**
     * Fixes what a query reads. The read lock must be held.
     *
     * @throws CompactedException when the query names a revision below the compacted one
     * @throws FutureRevisionException when the query names a revision above the current one
     */
    static RangePlan prepare(RangeQuery query, Database database, KeyIndex index, long current, long compacted) {
        long revision = resolve(query.revision(), current, compacted);
        if (query.range().isSingle()) {
            KeyMeta meta = index.get(query.range().start());
            if (revision == current || (meta != null && meta.modRevision() <= revision)) {
                return single(query, database, meta, current);
            }
        }
        long countNow = index.count(query.range());
        if (revision < current) {
            return new Past(query, revision, database.view(), current, countNow);
        }
        if (query.countOnly() || countNow == 0) {
            return new Done(RangeResults.ofCount(countNow, current));
        }
        if (IndexChoice.pays(query, countNow)) {
            IndexChoice choice = IndexChoice.of(query, index);
            return new Chosen(query, choice, query.needsNoValues() ? null : database.view(), countNow, current);
        }
        long fetched = query.hasFilter() ? countNow : Math.min(countNow, query.fetchLimit());
        if (query.needsNoValues() && fetched <= INDEX_KEYS_MAX) {
            return new Present(query, new KeySource(query, index), countNow, current);
        }
        Scan scan = fetched < LONG_SCAN_RECORDS ? Scan.SHORT : Scan.LONG;
        return new Present(query, new CurrentSource(database, query.range(), scan), countNow, current);
    }

    /** The revision a request means, once it is known to be readable. */
    static long resolve(long asked, long current, long compacted) {
        if (asked <= 0) {
            return current;
        }
        if (asked > current) {
            throw new FutureRevisionException(asked, current);
        }
        if (asked < compacted) {
            throw new CompactedException(asked, compacted);
        }
        return asked;
    }

    /** The stored record of a key that the index has; the state must not change meanwhile. */
    static byte[] stored(Reader database, Bytes key) {
        byte[] stored = database.get(Family.CURRENT, key.unwrap());
        if (stored == null) {
            throw new Fault("no current record of key " + key + ", though the index has it");
        }
        return stored;
    }

    private static RangePlan single(RangeQuery query, Database database, @Nullable KeyMeta meta, long current) {
        if (meta == null || query.countOnly()) {
            return new Done(RangeResults.ofCount(meta == null ? 0 : 1, current));
        }
        Bytes key = query.range().start();
        if (query.needsNoValues()) {
            RecordSource source = new ListSource(List.of(StoredRecord.of(Records.withoutValue(key, meta))));
            return new Done(RangeResults.of(query, source, () -> 1, current));
        }
        return new Single(query, stored(database, key), current);
    }

    /** Nothing left to read. */
    record Done(RangeResult result) implements RangePlan {

        @Override
        public RangeResult run() {
            return result;
        }
    }

    /** One record that has been read. */
    record Single(RangeQuery query, byte[] stored, long current) implements RangePlan {

        @Override
        public RangeResult run() {
            return RangeResults.of(query, new ListSource(List.of(StoredRecord.of(stored))), () -> 1, current);
        }
    }

    /**
     * Records that the index has chosen.
     *
     * @param view has them; null if values are not asked for
     */
    record Chosen(
            RangeQuery query, IndexChoice choice, @Nullable View view, long count, long current) implements RangePlan {

        @Override
        public RangeResult run() {
            try (View unused = view) {
                List<StoredRecord> records = new ArrayList<>();
                for (IndexChoice.Key each : choice.keys()) {
                    query.meter().visit();
                    StoredRecord record = view == null
                            ? StoredRecord.of(Records.withoutValue(each.key(), each.meta()))
                            : StoredRecord.of(stored(view, each.key()));
                    query.meter().take(record.size());
                    records.add(record);
                }
                long told = query.uncounted() ? 0 : count;
                return new RangeResult(new RecordList(records), told, choice.more(), current);
            }
        }
    }

    /** A walk over the newest records. */
    record Present(RangeQuery query, RecordSource source, long count, long current) implements RangePlan {

        @Override
        public RangeResult run() {
            try (source) {
                return RangeResults.of(query, source, () -> count, current);
            }
        }
    }

    /** A read of an old revision: what came since is taken back if that is little, or else all versions are walked over. */
    record Past(RangeQuery query, long revision, View view, long current, long countNow) implements RangePlan {

        @Override
        public RangeResult run() {
            try (view) {
                return RecentChanges.pays(revision, current, countNow) ? takeBack() : walk();
            }
        }

        private RangeResult takeBack() {
            RecentChanges changes = RecentChanges.since(revision, view, query.range(), current);
            long count = changes.countThen(countNow);
            if (query.countOnly()) {
                return RangeResults.ofCount(count, current);
            }
            try (RecordSource source = changes.recordsThen()) {
                return RangeResults.of(query, source, () -> count, current);
            }
        }

        private RangeResult walk() {
            try (CountingSource source = new CountingSource(new PastSource(view, query.range(), revision))) {
                return query.countOnly()
                        ? RangeResults.ofCount(source.countAll(), current)
                        : RangeResults.of(query, source, source::countAll, current);
            }
        }
    }
}
