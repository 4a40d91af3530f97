package io.quorate.mvcc;

import com.google.protobuf.ByteString;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.mvcc.RangeQuery.SortOrder;
import io.quorate.mvcc.RangeQuery.SortTarget;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;

/** Makes the answer to a {@link RangeQuery} out of records in key order: filter, sort, cut, blank. */
final class RangeResults {

    private RangeResults() {}

    /** The answer without records. */
    static RangeResult ofCount(long count, long revision) {
        return new RangeResult(List.of(), count, false, revision);
    }

    /**
     * The answer to a query that wants records.
     *
     * @param count the number of live keys in the range, asked for at most once
     * @param revision the newest revision of the state read
     */
    static RangeResult of(RangeQuery query, RecordSource source, LongSupplier count, long revision) {
        long fetchLimit = query.fetchLimit();
        List<KeyValue> records = new ArrayList<>();
        while (records.size() < fetchLimit && source.advance()) {
            KeyValue record = source.record();
            query.meter().visit();
            if (!query.hasFilter() || query.matches(Records.metaOf(record))) {
                KeyValue kept = query.keysOnly() ? blank(record, query) : record;
                query.meter().take(kept);
                records.add(kept);
            }
        }
        return finish(query, records, count, revision);
    }

    private static RangeResult finish(RangeQuery query, List<KeyValue> records, LongSupplier count, long revision) {
        if (query.order() != SortOrder.NONE || query.target() != SortTarget.KEY) {
            Comparator<KeyValue> ascending = comparator(query.target());
            records.sort(query.order() == SortOrder.DESCEND ? ascending.reversed() : ascending);
        }
        boolean more = query.limit() > 0 && records.size() > query.limit();
        List<KeyValue> kept = more ? records.subList(0, (int) query.limit()) : records;
        if (query.keysOnly() && !query.needsNoValues()) {
            kept = kept.stream()
                    .map(record -> record.toBuilder().clearValue().build())
                    .toList();
        }
        return new RangeResult(kept, query.uncounted() ? 0 : count.getAsLong(), more, revision);
    }

    /** Drops the value, and with it the lease, unless the value is still needed for sorting. */
    private static KeyValue blank(KeyValue record, RangeQuery query) {
        boolean isBlank = record.getValue().isEmpty() && record.getLease() == 0;
        return isBlank || !query.needsNoValues()
                ? record
                : record.toBuilder().clearValue().clearLease().build();
    }

    private static Comparator<KeyValue> comparator(SortTarget target) {
        Comparator<ByteString> bytes = ByteString.unsignedLexicographicalComparator();
        return switch (target) {
            case KEY -> Comparator.comparing(KeyValue::getKey, bytes);
            case VERSION -> Comparator.comparingLong(KeyValue::getVersion);
            case CREATE -> Comparator.comparingLong(KeyValue::getCreateRevision);
            case MOD -> Comparator.comparingLong(KeyValue::getModRevision);
            case VALUE -> Comparator.comparing(KeyValue::getValue, bytes);
        };
    }
}
