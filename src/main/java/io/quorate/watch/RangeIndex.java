package io.quorate.watch;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds all members interested in a key: a hash table for those that want one key, an {@link IntervalTree} for ranges. With n
 * distinct ranges and m finds a look-up takes one hash probe plus O(log n) steps for the first and at most O(log n) for
 * each further range. Not thread-safe.
 *
 * @param <T> the members; each belongs to at most one index at a time
 */
final class RangeIndex<T extends RangeIndex.Member> {

    private final Map<Bytes, Members<T>> singles = new HashMap<>();
    private final IntervalTree<Members<T>> ranges = new IntervalTree<>();
    private int size;

    int size() {
        return size;
    }

    /** How many ranges at the most are looked at one below the other; 0 without ranges. */
    int depth() {
        return ranges.height();
    }

    void add(KeyRange range, T member) {
        Members<T> members = range.isSingle()
                ? singles.computeIfAbsent(range.start(), key -> new Members<>())
                : ranges.computeIfAbsent(range, Members::new);
        members.add(member);
        size++;
    }

    void remove(KeyRange range, T member) {
        if (range.isSingle()) {
            Members<T> members = present(singles.get(range.start()), range);
            members.remove(member);
            if (members.isEmpty()) {
                singles.remove(range.start());
            }
        } else {
            Members<T> members = present(ranges.get(range), range);
            members.remove(member);
            if (members.isEmpty()) {
                ranges.remove(range);
            }
        }
        size--;
    }

    /** Visits every member whose range contains the key; the visitor must not change the index. */
    void forEachMatch(Bytes key, Consumer<? super T> visitor) {
        Members<T> single = singles.get(key);
        if (single != null) {
            single.forEach(visitor);
        }
        ranges.forEachContaining(key, members -> members.forEach(visitor));
    }

    /** Visits every member in no particular order; the visitor must not change the index. */
    void forEach(Consumer<? super T> visitor) {
        singles.values().forEach(members -> members.forEach(visitor));
        ranges.forEach(members -> members.forEach(visitor));
    }

    private static <M> M present(@Nullable M members, KeyRange range) {
        if (members == null) {
            throw new IllegalStateException("no member with the range " + range);
        }
        return members;
    }

    /** Something that can be in an index; remembers its place so that it leaves in constant time. */
    abstract static class Member {

        private int place = -1;
    }

    /** Everyone with exactly the same range. */
    private static final class Members<T extends Member> {

        private @Nullable Object[] items = new @Nullable Object[1];
        private int count;

        void add(T member) {
            if (count == items.length) {
                items = Arrays.copyOf(items, count * 2);
            }
            items[count] = member;
            ((Member) member).place = count++;
        }

        void remove(T member) {
            int place = ((Member) member).place;
            if (place < 0 || place >= count || !member.equals(items[place])) {
                throw new IllegalStateException("not a member: " + member);
            }
            Object last = items[--count];
            items[place] = last;
            items[count] = null;
            if (last instanceof Member moved) {
                moved.place = place;
            }
            ((Member) member).place = -1;
        }

        boolean isEmpty() {
            return count == 0;
        }

        @SuppressWarnings("unchecked")
        void forEach(Consumer<? super T> visitor) {
            for (int i = 0; i < count; i++) {
                visitor.accept((T) items[i]);
            }
        }
    }
}
