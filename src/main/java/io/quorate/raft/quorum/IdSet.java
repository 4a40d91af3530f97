package io.quorate.raft.quorum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.StringJoiner;

/**
 * An immutable set of member ids in ascending unsigned order. Sets have a handful of members, so searching is linear and
 * nothing is boxed.
 */
public final class IdSet {

    /** The set without members. */
    public static final IdSet EMPTY = new IdSet(new long[0]);

    private final long[] ids;

    private IdSet(long[] ids) {
        this.ids = ids;
    }

    /** The distinct ids among the given ones. */
    public static IdSet of(long... ids) {
        IdSet set = EMPTY;
        for (long id : ids) {
            set = set.with(id);
        }
        return set;
    }

    /** The distinct ids among the given ones. */
    public static IdSet copyOf(Collection<Long> ids) {
        IdSet set = EMPTY;
        for (long id : ids) {
            set = set.with(id);
        }
        return set;
    }

    public int size() {
        return ids.length;
    }

    public boolean isEmpty() {
        return ids.length == 0;
    }

    /** The id at a position of the ascending order. */
    public long get(int position) {
        return ids[position];
    }

    public boolean contains(long id) {
        for (long member : ids) {
            if (member == id) {
                return true;
            }
        }
        return false;
    }

    /** This set and one more member. */
    public IdSet with(long id) {
        if (contains(id)) {
            return this;
        }
        int position = 0;
        while (position < ids.length && Long.compareUnsigned(ids[position], id) < 0) {
            position++;
        }
        long[] larger = Arrays.copyOf(ids, ids.length + 1);
        System.arraycopy(ids, position, larger, position + 1, ids.length - position);
        larger[position] = id;
        return new IdSet(larger);
    }

    /** This set without a member. */
    public IdSet without(long id) {
        if (!contains(id)) {
            return this;
        }
        long[] smaller = new long[ids.length - 1];
        int size = 0;
        for (long member : ids) {
            if (member != id) {
                smaller[size++] = member;
            }
        }
        return new IdSet(smaller);
    }

    /** The members of either set. */
    public IdSet union(IdSet other) {
        IdSet result = this;
        for (long id : other.ids) {
            result = result.with(id);
        }
        return result;
    }

    /** How many ids are in exactly one of the two sets. */
    public int differences(IdSet other) {
        int common = 0;
        for (long id : ids) {
            if (other.contains(id)) {
                common++;
            }
        }
        return ids.length + other.ids.length - 2 * common;
    }

    public List<Long> toList() {
        List<Long> list = new ArrayList<>(ids.length);
        for (long id : ids) {
            list.add(id);
        }
        return List.copyOf(list);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdSet set && Arrays.equals(ids, set.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    /** For example {@code (1 2 a)}: hexadecimal, ascending. */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(" ", "(", ")");
        for (long id : ids) {
            text.add(Long.toHexString(id));
        }
        return text.toString();
    }
}
