package io.quorate.mvcc;

import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import io.quorate.base.KeyRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All live keys in order with their {@link KeyMeta}, in memory: a B+ tree whose inner nodes know how many keys lie below
 * each child, so that counting a range, and finding the n-th key, take O(log n).
 *
 * <p>Not thread-safe: one writer or many readers, as the lock of {@link MvccStore} arranges it. Holds at most 2^31 - 1
 * keys. A key of 20 bytes costs about 50 to 80 bytes all in all.
 */
final class KeyIndex {

    private static final int HEIGHT_MAX = 32;

    private IndexNode root;
    private int size;

    /** The way from the root to the leaf of the change being made; only the writer uses it. */
    private final IndexInner[] path = new IndexInner[HEIGHT_MAX];

    private final int[] slots = new int[HEIGHT_MAX];
    private int depth;

    KeyIndex() {
        this(new IndexLeaf(), 0);
    }

    private KeyIndex(IndexNode root, int size) {
        this.root = root;
        this.size = size;
    }

    /** The number of live keys. */
    int size() {
        return size;
    }

    @Nullable
    KeyMeta get(Bytes key) {
        IndexLeaf leaf = leafOf(key.unwrap());
        int position = leaf.find(key.unwrap());
        return position < 0 ? null : leaf.metaAt(position);
    }

    /** Adds the key or replaces what is known about it. */
    void put(Bytes key, KeyMeta meta) {
        byte[] bytes = key.unwrap();
        IndexLeaf leaf = descend(bytes);
        int position = leaf.find(bytes);
        if (position >= 0) {
            leaf.setMeta(position, meta);
        } else {
            insert(leaf, -position - 1, bytes, meta);
        }
    }

    /**
     * Notes a put of the key; the way down the tree is gone once.
     *
     * @return what was known about the key before, or null when it was absent
     */
    @Nullable
    KeyMeta touch(Bytes key, long revision, long lease) {
        byte[] bytes = key.unwrap();
        IndexLeaf leaf = descend(bytes);
        int position = leaf.find(bytes);
        if (position < 0) {
            insert(leaf, -position - 1, bytes, KeyMeta.created(revision, lease));
            return null;
        }
        KeyMeta old = leaf.metaAt(position);
        leaf.setMeta(position, old.touched(revision, lease));
        return old;
    }

    /** Adds a key that is absent, at its position in the leaf that {@link #descend} found. */
    private void insert(IndexLeaf leaf, int position, byte[] bytes, KeyMeta meta) {
        for (int level = 0; level < depth; level++) {
            path[level].counts[slots[level]]++;
        }
        size++;
        if (leaf.isFull(bytes.length)) {
            splitAndInsert(leaf, position, bytes, meta);
        } else {
            leaf.insert(position, bytes, meta);
        }
    }

    /** Removes the key; returns what was known about it, or null when it was absent. */
    @Nullable
    KeyMeta remove(Bytes key) {
        byte[] bytes = key.unwrap();
        IndexLeaf leaf = descend(bytes);
        int position = leaf.find(bytes);
        if (position < 0) {
            return null;
        }
        KeyMeta meta = leaf.metaAt(position);
        leaf.remove(position);
        for (int level = 0; level < depth; level++) {
            path[level].counts[slots[level]]--;
        }
        size--;
        shrink();
        return meta;
    }

    /** How many live keys lie in the range. */
    int count(KeyRange range) {
        if (range.isEmpty()) {
            return 0;
        }
        return end(range) - rank(range.start());
    }

    /** How many live keys lie below the end of a range. */
    private int end(KeyRange range) {
        Bytes end = range.end();
        return end == null ? size : rank(end);
    }

    /** How many live keys lie below the given one. */
    int rank(Bytes key) {
        byte[] bytes = key.unwrap();
        int below = 0;
        IndexNode node = root;
        while (node instanceof IndexInner inner) {
            int slot = inner.slotOf(bytes);
            for (int i = 0; i < slot; i++) {
                below += inner.counts[i];
            }
            node = inner.children[slot];
        }
        int position = ((IndexLeaf) node).find(bytes);
        return below + (position < 0 ? -position - 1 : position);
    }

    /** Iterates over the keys of the range in order; the index must not change meanwhile. */
    Cursor cursor(KeyRange range) {
        return cursor(range, 0);
    }

    /**
     * As {@link #cursor(KeyRange)}, without the first keys.
     *
     * @param skipped how many; not more than there are
     */
    Cursor cursor(KeyRange range, int skipped) {
        if (range.isEmpty()) {
            return new Cursor(leafOf(range.start().unwrap()), -1, 0);
        }
        int first = rank(range.start()) + skipped;
        return cursorAt(first, end(range) - first);
    }

    /** A cursor before the key of a rank; none needs to have it if no key remains. */
    private Cursor cursorAt(int rank, int remaining) {
        int left = rank;
        IndexNode node = root;
        while (node instanceof IndexInner inner) {
            int slot = 0;
            while (left >= inner.counts[slot] && slot + 1 < inner.length) {
                left -= inner.counts[slot++];
            }
            node = inner.children[slot];
        }
        return new Cursor((IndexLeaf) node, left - 1, remaining);
    }

    /** The top of the tree, for checks of its structure. */
    IndexNode root() {
        return root;
    }

    private IndexLeaf leafOf(byte[] key) {
        IndexNode node = root;
        while (node instanceof IndexInner inner) {
            node = inner.children[inner.slotOf(key)];
        }
        return (IndexLeaf) node;
    }

    private IndexLeaf descend(byte[] key) {
        depth = 0;
        IndexNode node = root;
        while (node instanceof IndexInner inner) {
            int slot = inner.slotOf(key);
            path[depth] = inner;
            slots[depth++] = slot;
            node = inner.children[slot];
        }
        return (IndexLeaf) node;
    }

    /** Splits the full leaf in the middle, or behind its end when keys arrive in ascending order. */
    private void splitAndInsert(IndexLeaf leaf, int position, byte[] key, KeyMeta meta) {
        int length = leaf.size();
        boolean ascending = position == length && leaf.next == null;
        int middle = ascending ? length : length / 2;
        IndexLeaf right = leaf.splitAt(middle);
        if (position < middle) {
            leaf.insert(position, key, meta);
        } else {
            right.insert(position - middle, key, meta);
        }
        replace(leaf, leaf.separatorTo(right), right);
    }

    /** Makes the right half of a split node known to the parent, splitting upwards as far as needed. */
    private void replace(IndexNode leftHalf, byte[] separatorBetween, IndexNode rightHalf) {
        IndexNode left = leftHalf;
        byte[] separator = separatorBetween;
        IndexNode right = rightHalf;
        for (int level = depth - 1; level >= 0; level--) {
            IndexInner parent = path[level];
            int slot = slots[level];
            parent.counts[slot] = left.size();
            if (!parent.isFull()) {
                parent.insertAfter(slot, separator, right);
                return;
            }
            IndexInner upper = parent.split();
            byte[] between = parent.takeSplitSeparator();
            if (slot < parent.length) {
                parent.insertAfter(slot, separator, right);
            } else {
                upper.insertAfter(slot - parent.length, separator, right);
            }
            left = parent;
            separator = between;
            right = upper;
        }
        IndexInner top = new IndexInner();
        top.append(separator, left);
        top.append(separator, right);
        root = top;
    }

    /** After a removal: drops empty nodes and joins small ones with a neighbour, from the leaf upwards. */
    private void shrink() {
        for (int level = depth - 1; level >= 0; level--) {
            IndexInner parent = path[level];
            int slot = slots[level];
            if (isEmpty(parent.children[slot])) {
                if (parent.children[slot] instanceof IndexLeaf leaf) {
                    leaf.unlink();
                }
                parent.remove(slot);
            } else if (!merge(parent, slot) && (slot == 0 || !merge(parent, slot - 1))) {
                return;
            }
        }
        while (root instanceof IndexInner inner && inner.length <= 1) {
            root = inner.length == 0 ? new IndexLeaf() : inner.children[0];
        }
    }

    private static boolean isEmpty(IndexNode node) {
        return switch (node) {
            case IndexLeaf leaf -> leaf.size() == 0;
            case IndexInner inner -> inner.length == 0;
        };
    }

    /** Joins the child with its right neighbour when one of them is small and both fit well into one node. */
    private static boolean merge(IndexInner parent, int slot) {
        if (slot + 1 >= parent.length) {
            return false;
        }
        switch (parent.children[slot]) {
            case IndexLeaf left -> {
                IndexLeaf right = (IndexLeaf) parent.children[slot + 1];
                if (!(left.isSmall() || right.isSmall()) || !left.canAbsorb(right)) {
                    return false;
                }
                left.absorb(right);
            }
            case IndexInner left -> {
                IndexInner right = (IndexInner) parent.children[slot + 1];
                if (!(left.isSmall() || right.isSmall()) || !left.canAbsorb(right)) {
                    return false;
                }
                left.absorb(parent.separators[slot], right);
            }
        }
        parent.counts[slot] += parent.counts[slot + 1];
        parent.remove(slot + 1);
        return true;
    }

    /** A position among the keys of a range; stands before the first key until {@link #next} is called. */
    static final class Cursor {

        private IndexLeaf leaf;
        private int position;
        private int remaining;

        private Cursor(IndexLeaf leaf, int position, int remaining) {
            this.leaf = leaf;
            this.position = position;
            this.remaining = remaining;
        }

        /** Moves to the next key; false when there is none. */
        boolean next() {
            if (remaining == 0) {
                return false;
            }
            remaining--;
            position++;
            while (position >= leaf.size()) {
                IndexLeaf following = leaf.next;
                if (following == null) {
                    throw new Fault("the key index ends before its count says so");
                }
                leaf = following;
                position = 0;
            }
            return true;
        }

        Bytes key() {
            return Bytes.wrap(leaf.keyAt(position));
        }

        KeyMeta meta() {
            return leaf.metaAt(position);
        }
    }

    /** Builds an index from keys that arrive in ascending order, much faster than by single puts. */
    static final class Loader {

        /** Leaves get some room, so that the first puts after a start do not split all of them. */
        private static final int KEYS_PER_LEAF = IndexLeaf.KEYS_MAX * 7 / 8;

        private static final int CHILDREN_PER_NODE = IndexInner.CHILDREN_MAX * 7 / 8;

        private final List<IndexNode> leaves = new ArrayList<>();
        private final List<byte[]> separators = new ArrayList<>();
        private IndexLeaf leaf = new IndexLeaf();
        private int size;
        private byte @Nullable [] last;

        void append(byte[] key, KeyMeta meta) {
            Fault.check(
                    last == null || Arrays.compareUnsigned(last, key) < 0, "key number %d is not above the last", size);
            last = key;
            if (leaf.size() >= KEYS_PER_LEAF || leaf.isFull(key.length)) {
                IndexLeaf full = leaf;
                full.trim();
                leaf = new IndexLeaf();
                leaf.insert(0, key, meta);
                full.next = leaf;
                leaf.previous = full;
                leaves.add(full);
                separators.add(full.separatorTo(leaf));
            } else {
                leaf.insert(leaf.size(), key, meta);
            }
            size++;
        }

        KeyIndex build() {
            leaves.add(leaf);
            List<IndexNode> level = leaves;
            List<byte[]> between = separators;
            while (level.size() > 1) {
                List<IndexNode> parents = new ArrayList<>();
                List<byte[]> above = new ArrayList<>();
                IndexInner parent = new IndexInner();
                for (int i = 0; i < level.size(); i++) {
                    if (parent.length == CHILDREN_PER_NODE) {
                        parents.add(parent);
                        above.add(between.get(i - 1));
                        parent = new IndexInner();
                    }
                    parent.append(between.get(Math.max(0, i - 1)), level.get(i));
                }
                parents.add(parent);
                level = parents;
                between = above;
            }
            return new KeyIndex(level.getFirst(), size);
        }
    }

    /** Sees keys with what is known about them, one after the other. */
    @FunctionalInterface
    public interface MetaVisitor {

        /** Returns whether to go on with the next key. */
        boolean visit(Bytes key, KeyMeta meta);
    }
}
