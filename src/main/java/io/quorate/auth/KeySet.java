package io.quorate.auth;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys that permissions cover: ranges that are disjoint and sorted. Ranges that overlap or touch are one, so a request over
 * several permissions is covered as etcd covers it. Immutable.
 */
final class KeySet {

    /** No key. */
    static final KeySet EMPTY = new KeySet(List.of());

    private final KeyRange[] ranges;

    private KeySet(List<KeyRange> disjoint) {
        this.ranges = disjoint.toArray(KeyRange[]::new);
    }

    /** The union of ranges, in any order. */
    static KeySet of(List<KeyRange> ranges) {
        List<KeyRange> sorted = ranges.stream()
                .filter(range -> !range.isEmpty())
                .sorted(Comparator.comparing(KeyRange::start))
                .toList();
        List<KeyRange> merged = new ArrayList<>();
        for (KeyRange range : sorted) {
            KeyRange last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && reaches(last.end(), range.start())) {
                merged.set(merged.size() - 1, new KeyRange(last.start(), later(last.end(), range.end())));
            } else {
                merged.add(range);
            }
        }
        return merged.isEmpty() ? EMPTY : new KeySet(merged);
    }

    /** Whether every key of a range is in here. An empty range counts as covered where its start is, as in etcd. */
    boolean covers(KeyRange range) {
        int low = 0;
        int high = ranges.length - 1;
        while (low < high) { // the last range that does not begin behind the asked one's start
            int middle = (low + high + 1) >>> 1;
            if (ranges[middle].start().compareTo(range.start()) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low <= high && ranges[low].contains(range.start()) && isWithin(range.end(), ranges[low].end());
    }

    private static boolean reaches(@Nullable Bytes end, Bytes start) {
        return end == null || end.compareTo(start) >= 0;
    }

    private static boolean isWithin(@Nullable Bytes end, @Nullable Bytes limit) {
        return limit == null || (end != null && end.compareTo(limit) <= 0);
    }

    private static @Nullable Bytes later(@Nullable Bytes one, @Nullable Bytes other) {
        if (one == null || other == null) {
            return null;
        }
        return one.compareTo(other) >= 0 ? one : other;
    }
}
