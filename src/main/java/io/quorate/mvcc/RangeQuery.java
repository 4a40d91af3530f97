package io.quorate.mvcc;

import io.quorate.base.KeyRange;
import io.quorate.mvcc.KeyReader.RecordMeter;
import lombok.Builder;

/**
 * What to read from the key space: etcd's range request without its way of delivery.
 *
 * <p>The steps are: choose the revision, take the keys in order, filter, sort, cut at the limit, blank the values.
 *
 * @param range the keys
 * @param revision the revision to read at; 0 or less means the newest
 * @param limit the most records wanted; 0 or less means all
 * @param order {@link SortOrder#NONE} with a target other than the key cuts first, in key order, and then sorts ascending
 *     what is left plus one
 * @param target what to sort by; records that compare equal come in no particular order
 * @param keysOnly leaves values empty; leases are 0 too unless the target is {@link SortTarget#VALUE}
 * @param countOnly wants the count alone: no records, never {@code more}; limit, filters and order do not matter
 * @param uncounted omits the count, which then is 0; for readers that page through a range
 * @param minModRevision keeps records modified at or after this revision; 0 switches the filter off
 * @param maxModRevision keeps records modified at or before this revision; 0 switches the filter off
 * @param minCreateRevision keeps records created at or after this revision; 0 switches the filter off
 * @param maxCreateRevision keeps records created at or before this revision; 0 switches the filter off
 * @param meter is told of what is read
 */
@Builder(toBuilder = true)
public record RangeQuery(
        KeyRange range,
        long revision,
        long limit,
        SortOrder order,
        SortTarget target,
        boolean keysOnly,
        boolean countOnly,
        boolean uncounted,
        long minModRevision,
        long maxModRevision,
        long minCreateRevision,
        long maxCreateRevision,
        RecordMeter meter) {

    /** Everything in the range at the newest revision, in key order. */
    public static RangeQuery of(KeyRange range) {
        return builder(range).build();
    }

    /** A builder that starts from everything in the range at the newest revision, in key order. */
    public static RangeQueryBuilder builder(KeyRange range) {
        return new RangeQueryBuilder()
                .range(range)
                .order(SortOrder.NONE)
                .target(SortTarget.KEY)
                .meter(RecordMeter.NONE);
    }

    boolean hasFilter() {
        return (minModRevision | maxModRevision | minCreateRevision | maxCreateRevision) != 0;
    }

    /**
     * How many matching records in key order are enough to answer: one above the limit, to know whether there are more.
     * Sorting by something else needs all of them, except for the rule of {@link SortOrder#NONE}, which holds only as
     * long as there is no filter.
     */
    long fetchLimit() {
        boolean cutFirst = order == SortOrder.NONE && !hasFilter();
        return limit > 0 && limit < Long.MAX_VALUE && (isInKeyOrder() || cutFirst) ? limit + 1 : Long.MAX_VALUE;
    }

    /** Whether the filters let a record through. */
    boolean matches(KeyMeta meta) {
        return within(meta.modRevision(), minModRevision, maxModRevision)
                && within(meta.createRevision(), minCreateRevision, maxCreateRevision);
    }

    /** Whether the records are wanted in the order of their keys, as they are stored. */
    boolean isInKeyOrder() {
        return target == SortTarget.KEY && order != SortOrder.DESCEND;
    }

    /** Whether what the index knows is enough, so that no record has to be read. */
    boolean needsNoValues() {
        return keysOnly && target != SortTarget.VALUE;
    }

    private static boolean within(long revision, long lowest, long highest) {
        return (lowest == 0 || revision >= lowest) && (highest == 0 || revision <= highest);
    }

    /**
     * The answer to a {@link RangeQuery}.
     *
     * @param kvs the records, in the order asked for, each parsed when it is asked for
     * @param count live keys in the range at the revision read, whatever limit and filters say
     * @param more whether the limit cut off records that match
     * @param revision the newest revision of the state that was read, which is what a response header reports
     */
    public record RangeResult(RecordList kvs, long count, boolean more, long revision) implements RangeAnswer {}

    /** The order of a range's result. */
    public enum SortOrder {
        /** Key order; with another target than the key, the cut result is sorted ascending by that target. */
        NONE,
        ASCEND,
        DESCEND
    }

    /** What a range's result is sorted by. */
    public enum SortTarget {
        KEY,
        VERSION,
        CREATE,
        MOD,
        VALUE
    }
}
