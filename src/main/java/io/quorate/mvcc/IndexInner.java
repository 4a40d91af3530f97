package io.quorate.mvcc;

import java.util.Arrays;

/**
 * An inner node of the {@link KeyIndex}: up to {@link #CHILDREN_MAX} children with the number of keys below each.
 *
 * <p>{@code separators[i]} stands between child {@code i} and child {@code i + 1}: every key of the former is below it,
 * every key of the latter is at or above it. It is cut to the shortest string that still separates the two, so it need
 * not be a key.
 *
 * <p>Guarded by the lock of {@link MvccStore}, as the whole index.
 */
final class IndexInner extends IndexNode {

    static final int CHILDREN_MAX = 64;
    private static final int CHILDREN_MIN = CHILDREN_MAX / 4;
    private static final int CHILDREN_AFTER_MERGE_MAX = CHILDREN_MAX * 3 / 4;

    final IndexNode[] children = new IndexNode[CHILDREN_MAX];
    final byte[][] separators = new byte[CHILDREN_MAX - 1][];
    final int[] counts = new int[CHILDREN_MAX];
    int length;

    @Override
    int size() {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += counts[i];
        }
        return sum;
    }

    /** The position of the child that the key belongs to. */
    int slotOf(byte[] key) {
        int low = 0;
        int high = length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(separators[middle], key) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    boolean isFull() {
        return length == CHILDREN_MAX;
    }

    boolean isSmall() {
        return length < CHILDREN_MIN;
    }

    boolean canAbsorb(IndexInner right) {
        return length + right.length <= CHILDREN_AFTER_MERGE_MAX;
    }

    /** Adds a child behind the last one; the separator is ignored for the very first. */
    void append(byte[] separator, IndexNode child) {
        if (length > 0) {
            separators[length - 1] = separator;
        }
        children[length] = child;
        counts[length] = child.size();
        length++;
    }

    /** Puts the right half of a split child at {@code slot + 1}. */
    void insertAfter(int slot, byte[] separator, IndexNode child) {
        int at = slot + 1;
        System.arraycopy(children, at, children, at + 1, length - at);
        System.arraycopy(counts, at, counts, at + 1, length - at);
        System.arraycopy(separators, slot, separators, at, length - at);
        children[at] = child;
        counts[at] = child.size();
        separators[slot] = separator;
        length++;
    }

    /** Takes a child out together with the separator on its left, or on its right for the first child. */
    void remove(int slot) {
        int separator = Math.max(0, slot - 1);
        System.arraycopy(children, slot + 1, children, slot, length - slot - 1);
        System.arraycopy(counts, slot + 1, counts, slot, length - slot - 1);
        if (length > 1) {
            System.arraycopy(separators, separator + 1, separators, separator, length - separator - 2);
        }
        length--;
        clearFrom(length);
    }

    /** Moves the upper half of the children to a new node; the separator between both is {@code separators[length]}. */
    IndexInner split() {
        IndexInner right = new IndexInner();
        int half = length / 2;
        right.length = length - half;
        System.arraycopy(children, half, right.children, 0, right.length);
        System.arraycopy(counts, half, right.counts, 0, right.length);
        System.arraycopy(separators, half, right.separators, 0, right.length - 1);
        length = half;
        return right;
    }

    /** The separator that {@link #split} left behind its last child; it moves up to the parent. */
    byte[] takeSplitSeparator() {
        byte[] separator = separators[length - 1];
        clearFrom(length);
        return separator;
    }

    /** Takes over all children of the right neighbour; the separator is the one that stood between both. */
    void absorb(byte[] separator, IndexInner right) {
        separators[length - 1] = separator;
        System.arraycopy(right.children, 0, children, length, right.length);
        System.arraycopy(right.counts, 0, counts, length, right.length);
        System.arraycopy(right.separators, 0, separators, length, right.length - 1);
        length += right.length;
    }

    /** Drops references beyond the used part, so that nothing is kept from the garbage collector. */
    @SuppressWarnings("NullAway") // beyond `length` the arrays hold nothing and are not read
    private void clearFrom(int from) {
        Arrays.fill(children, from, CHILDREN_MAX, null);
        Arrays.fill(separators, Math.max(0, from - 1), CHILDREN_MAX - 1, null);
    }
}
