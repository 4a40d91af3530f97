package io.quorate.base;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A contiguous set of keys: {@code start <= key < end}, or everything from {@code start} on when there is no end.
 *
 * <p>Built from etcd's pair of {@code key} and {@code range_end}: an empty end means the one key, a single zero byte
 * means no upper end, anything else is the exclusive end. A range whose end does not lie above its start is empty, which
 * is not an error.
 *
 * @param start the first key that may belong to the range
 * @param end the first key above the range; null when the range has no upper end
 */
public record KeyRange(Bytes start, @Nullable Bytes end) {

    private static final Bytes ZERO = Bytes.wrap(new byte[] {0});

    /** Every key there is. */
    public static final KeyRange ALL = new KeyRange(ZERO, null);

    /** The range that etcd's {@code key} and {@code range_end} stand for. */
    public static KeyRange of(Bytes key, Bytes rangeEnd) {
        if (rangeEnd.isEmpty()) {
            return single(key);
        }
        return rangeEnd.equals(ZERO) ? new KeyRange(key, null) : new KeyRange(key, rangeEnd);
    }

    /** The range of exactly one key. */
    public static KeyRange single(Bytes key) {
        return new KeyRange(key, successor(key));
    }

    /** All keys that begin with the prefix; the empty prefix means every key. */
    public static KeyRange prefix(Bytes prefix) {
        byte[] end = prefix.unwrap().clone();
        for (int last = end.length - 1; last >= 0; last--) {
            if (end[last] != (byte) 0xff) {
                byte[] cut = Arrays.copyOf(end, last + 1);
                cut[last]++;
                return new KeyRange(prefix, Bytes.wrap(cut));
            }
        }
        return new KeyRange(prefix, null);
    }

    public boolean contains(Bytes key) {
        return key.compareTo(start) >= 0 && (end == null || key.compareTo(end) < 0);
    }

    /** True when no key can belong to the range. */
    public boolean isEmpty() {
        return end != null && end.compareTo(start) <= 0;
    }

    /** True when exactly one key can belong to the range. */
    public boolean isSingle() {
        return end != null
                && end.length() == start.length() + 1
                && end.unsignedAt(start.length()) == 0
                && end.startsWith(start);
    }

    /** The smallest key above the given one. */
    private static Bytes successor(Bytes key) {
        return Bytes.wrap(Arrays.copyOf(key.unwrap(), key.length() + 1));
    }
}
