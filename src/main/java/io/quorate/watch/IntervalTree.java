package io.quorate.watch;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A map from key ranges to values that finds all ranges containing a key. A treap: a binary search tree by (start, end)
 * that is kept balanced by random priorities, where every node knows the highest end below it.
 *
 * <p>Looking for {@code k} skips a subtree when its highest end does not lie above {@code k}, and a node's right side when
 * the node starts above {@code k}:
 *
 * <pre>
 *              [d, f) max z              k = "e": left side: max c, skipped; [d, f) is a find;
 *             /           \              right side: [e, z) is a find, [x, y) starts above "e"
 *     [a, c) max c     [e, z) max z
 *                            \
 *                          [x, y) max y
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class IntervalTree<V> {

    private final SplittableRandom random = new SplittableRandom(1);
    private @Nullable Node<V> root;

    @Nullable
    V get(KeyRange range) {
        Node<V> node = root;
        while (node != null) {
            int order = compare(range, node.range);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    V computeIfAbsent(KeyRange range, Supplier<V> value) {
        V present = get(range);
        if (present != null) {
            return present;
        }
        V created = value.get();
        root = insert(root, new Node<>(range, created, random.nextInt()));
        return created;
    }

    /** Removes a range; nothing happens if it is not there. */
    void remove(KeyRange range) {
        root = remove(root, range);
    }

    void forEachContaining(Bytes key, Consumer<? super V> visitor) {
        visit(root, key, visitor);
    }

    void forEach(Consumer<? super V> visitor) {
        visitAll(root, visitor);
    }

    /** Levels of the tree; for tests. */
    int height() {
        return height(root);
    }

    private static <V> Node<V> insert(@Nullable Node<V> node, Node<V> added) {
        if (node == null) {
            return added;
        }
        Node<V> top = node;
        if (compare(added.range, node.range) < 0) {
            Node<V> left = insert(node.left, added);
            node.left = left;
            if (left.priority > node.priority) {
                node.left = left.right;
                left.right = node;
                top = left;
            }
        } else {
            Node<V> right = insert(node.right, added);
            node.right = right;
            if (right.priority > node.priority) {
                node.right = right.left;
                right.left = node;
                top = right;
            }
        }
        node.refresh();
        top.refresh();
        return top;
    }

    private static <V> @Nullable Node<V> remove(@Nullable Node<V> node, KeyRange range) {
        if (node == null) {
            return null;
        }
        int order = compare(range, node.range);
        if (order == 0) {
            return merge(node.left, node.right);
        }
        if (order < 0) {
            node.left = remove(node.left, range);
        } else {
            node.right = remove(node.right, range);
        }
        node.refresh();
        return node;
    }

    private static <V> @Nullable Node<V> merge(@Nullable Node<V> low, @Nullable Node<V> high) {
        if (low == null) {
            return high;
        }
        if (high == null) {
            return low;
        }
        if (low.priority > high.priority) {
            low.right = merge(low.right, high);
            low.refresh();
            return low;
        }
        high.left = merge(low, high.left);
        high.refresh();
        return high;
    }

    private static <V> void visit(@Nullable Node<V> from, Bytes key, Consumer<? super V> visitor) {
        Node<V> node = from;
        while (node != null && isBelowEnd(key, node.highestEnd)) {
            visit(node.left, key, visitor);
            if (key.compareTo(node.range.start()) < 0) {
                return;
            }
            if (isBelowEnd(key, node.range.end())) {
                visitor.accept(node.value);
            }
            node = node.right;
        }
    }

    private static <V> void visitAll(@Nullable Node<V> node, Consumer<? super V> visitor) {
        if (node != null) {
            visitAll(node.left, visitor);
            visitor.accept(node.value);
            visitAll(node.right, visitor);
        }
    }

    private static <V> int height(@Nullable Node<V> node) {
        return node == null ? 0 : 1 + Math.max(height(node.left), height(node.right));
    }

    private static boolean isBelowEnd(Bytes key, @Nullable Bytes end) {
        return end == null || key.compareTo(end) < 0;
    }

    private static int compare(KeyRange a, KeyRange b) {
        int order = a.start().compareTo(b.start());
        return order != 0 ? order : compareEnds(a.end(), b.end());
    }

    /** No end is above every end. */
    private static int compareEnds(@Nullable Bytes a, @Nullable Bytes b) {
        if (a == null || b == null) {
            return Boolean.compare(a == null, b == null);
        }
        return a.compareTo(b);
    }

    private static final class Node<V> {

        private final KeyRange range;
        private final V value;
        private final int priority;
        private @Nullable Node<V> left;
        private @Nullable Node<V> right;
        private @Nullable Bytes highestEnd;

        Node(KeyRange range, V value, int priority) {
            this.range = range;
            this.value = value;
            this.priority = priority;
            this.highestEnd = range.end();
        }

        void refresh() {
            Bytes highest = range.end();
            if (left != null && compareEnds(left.highestEnd, highest) > 0) {
                highest = left.highestEnd;
            }
            if (right != null && compareEnds(right.highestEnd, highest) > 0) {
                highest = right.highestEnd;
            }
            highestEnd = highest;
        }
    }
}
