package io.quorate.mvcc;

import com.google.protobuf.ByteString;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.mvcc.RangeQuery.SortOrder;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Makes the answer to a {@link RangeQuery} out of records in key order: filter, sort, cut, blank. */
final class RangeResults {

    private RangeResults() {}

    /** The answer without records. */
    static RangeResult ofCount(long count, long revision) {
        return new RangeResult(RecordList.EMPTY, count, false, revision);
    }

    /**
     * The answer to a query that wants records.
     *
     * @param count the number of live keys in the range, asked for at most once
     * @param revision the newest revision of the state read
     */
    static RangeResult of(RangeQuery query, RecordSource source, LongSupplier count, long revision) {
        long fetchLimit = query.fetchLimit();
        List<StoredRecord> records = new ArrayList<>();
        while (records.size() < fetchLimit && source.advance()) {
            StoredRecord record = source.record();
            query.meter().visit();
            if (!query.hasFilter() || query.matches(record.meta())) {
                StoredRecord kept = query.needsNoValues() ? blank(record) : record;
                query.meter().take(kept.size());
                records.add(kept);
            }
        }
        return finish(query, records, count, revision);
    }

    /** The answer to a query of these records, which its filters let through; they may be one more than its limit. */
    static RangeResult finish(RangeQuery query, List<StoredRecord> records, LongSupplier count, long revision) {
        List<StoredRecord> sorted = sort(query, records);
        boolean more = query.limit() > 0 && sorted.size() > query.limit();
        List<StoredRecord> kept = more ? sorted.subList(0, (int) query.limit()) : sorted;
        if (query.keysOnly() && !query.needsNoValues()) {
            kept = kept.stream().map(RangeResults::withoutValue).toList();
        }
        return new RangeResult(new RecordList(kept), query.uncounted() ? 0 : count.getAsLong(), more, revision);
    }

    /** Drops the value, and with it the lease. */
    static StoredRecord blank(StoredRecord record) {
        KeyValue whole = record.keyValue();
        boolean isBlank = whole.getValue().isEmpty() && whole.getLease() == 0;
        return isBlank
                ? record
                : StoredRecord.of(whole.toBuilder().clearValue().clearLease().build());
    }

    /** Drops the value that was needed for sorting. */
    private static StoredRecord withoutValue(StoredRecord record) {
        return StoredRecord.of(record.keyValue().toBuilder().clearValue().build());
    }

    private static List<StoredRecord> sort(RangeQuery query, List<StoredRecord> records) {
        boolean descends = query.order() == SortOrder.DESCEND;
        return switch (query.target()) {
            case KEY -> descends ? records.reversed() : records;
            case VERSION -> sort(records, record -> record.meta().version(), Comparator.<Long>naturalOrder(), descends);
            case CREATE ->
                sort(records, record -> record.meta().createRevision(), Comparator.<Long>naturalOrder(), descends);
            case MOD -> sort(records, record -> record.meta().modRevision(), Comparator.<Long>naturalOrder(), descends);
            case VALUE ->
                sort(
                        records,
                        record -> record.keyValue().getValue(),
                        ByteString.unsignedLexicographicalComparator(),
                        descends);
        };
    }

    /** What is sorted by is read once from each record. */
    private static <T> List<StoredRecord> sort(
            List<StoredRecord> records, Function<StoredRecord, T> by, Comparator<T> order, boolean descends) {
        record Sorted<T>(T by, StoredRecord record) {}
        Comparator<Sorted<T>> ascending = Comparator.comparing(Sorted::by, order);
        return records.stream()
                .map(record -> new Sorted<>(by.apply(record), record))
                .sorted(descends ? ascending.reversed() : ascending)
                .map(Sorted::record)
                .toList();
    }
}
