package io.quorate.mvcc;

import io.quorate.base.Bytes;
import io.quorate.mvcc.RangeQuery.SortOrder;
import io.quorate.mvcc.RangeQuery.SortTarget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The few records that order, filters and limit of a query leave of a range, chosen by what the index knows: the values of the others are
 * never read. Locks and elections ask so for the oldest of all that wait.
 *
 * @param keys the chosen ones, in the order asked for
 * @param more whether others match, too
 */
record IndexChoice(List<Key> keys, boolean more) {

    /** As many are chosen at most; of more, so large a part is read anyway that one walk over all is as good. */
    private static final int KEYS_MAX = 1000;

    /**
     * A key that may be chosen.
     *
     * @param by what is sorted by
     * @param position among the keys of the range; decides between equals, so that answers repeat
     */
    record Key(Bytes key, KeyMeta meta, long by, int position) {}

    /** Whether a query of that many keys is answered so. */
    static boolean pays(RangeQuery query, long count) {
        boolean few = query.limit() > 0 && query.limit() <= KEYS_MAX;
        boolean looksAtAll = query.hasFilter() || query.fetchLimit() == Long.MAX_VALUE;
        return few
                && looksAtAll
                && query.target() != SortTarget.VALUE
                && (isOfLastKeys(query) || count <= RangePlan.INDEX_KEYS_MAX);
    }

    /** Chooses; the index must not change meanwhile. */
    static IndexChoice of(RangeQuery query, KeyIndex index) {
        return isOfLastKeys(query) ? lastKeys(query, index) : best(query, index);
    }

    private static boolean isOfLastKeys(RangeQuery query) {
        return query.target() == SortTarget.KEY && query.order() == SortOrder.DESCEND && !query.hasFilter();
    }

    private static IndexChoice lastKeys(RangeQuery query, KeyIndex index) {
        int count = index.count(query.range());
        int skipped = (int) Math.max(0, count - query.limit());
        KeyIndex.Cursor cursor = index.cursor(query.range(), skipped);
        List<Key> keys = new ArrayList<>();
        while (cursor.next()) {
            keys.add(new Key(cursor.key(), cursor.meta(), 0, skipped + keys.size()));
        }
        return new IndexChoice(keys.reversed(), skipped > 0);
    }

    /** Keeps the best ones so far, the worst of them on top. */
    private static IndexChoice best(RangeQuery query, KeyIndex index) {
        Comparator<Key> order = order(query);
        PriorityQueue<Key> best = new PriorityQueue<>(order.reversed());
        boolean descends = query.order() == SortOrder.DESCEND;
        boolean inKeyOrder = query.target() == SortTarget.KEY && !descends;
        boolean more = false;
        KeyIndex.Cursor cursor = index.cursor(query.range());
        for (int position = 0; !(inKeyOrder && more) && cursor.next(); position++) {
            KeyMeta meta = cursor.meta();
            if (!query.matches(meta)) {
                continue;
            }
            long by = by(query.target(), meta, position);
            if (best.size() < query.limit()) {
                best.add(new Key(cursor.key(), meta, by, position));
            } else {
                more = true;
                if (descends ? by > best.element().by() : by < best.element().by()) {
                    Key unused = best.remove();
                    best.add(new Key(cursor.key(), meta, by, position));
                }
            }
        }
        return new IndexChoice(best.stream().sorted(order).toList(), more);
    }

    private static Comparator<Key> order(RangeQuery query) {
        Comparator<Key> ascending = Comparator.comparingLong(Key::by);
        return (query.order() == SortOrder.DESCEND ? ascending.reversed() : ascending).thenComparingInt(Key::position);
    }

    private static long by(SortTarget target, KeyMeta meta, int position) {
        return switch (target) {
            case KEY -> position;
            case VERSION -> meta.version();
            case CREATE -> meta.createRevision();
            case MOD -> meta.modRevision();
            case VALUE -> throw new IllegalArgumentException("the index has no values");
        };
    }
}
