package io.quorate.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What must hold in every {@link KeyIndex}: order, separators, counts, chain of leaves, depth, no empty nodes. */
final class IndexInvariants {

    private final KeyIndex index;
    private int keys;
    private int leafDepth = -1;
    private @Nullable IndexLeaf lastLeaf;
    private byte @Nullable [] lastKey;

    private IndexInvariants(KeyIndex index) {
        this.index = index;
    }

    /** Checks the whole index; returns the number of its keys. */
    static int check(KeyIndex index) {
        IndexInvariants check = new IndexInvariants(index);
        check.node(index.root(), 0, null, null);
        assertThat(check.keys).isEqualTo(index.size());
        assertThat(check.lastLeaf).isNotNull().extracting(leaf -> leaf.next).isNull();
        return check.keys;
    }

    /** How many levels of inner nodes there are. */
    static int depth(KeyIndex index) {
        int depth = 0;
        IndexNode node = index.root();
        while (node instanceof IndexInner inner) {
            node = inner.children[0];
            depth++;
        }
        return depth;
    }

    /** How many leaves there are. */
    static int leaves(KeyIndex index) {
        int leaves = 0;
        for (IndexLeaf leaf = first(index); leaf != null; leaf = leaf.next) {
            leaves++;
        }
        return leaves;
    }

    /** How many keys the largest leaf has. */
    static int largestLeaf(KeyIndex index) {
        int largest = 0;
        for (IndexLeaf leaf = first(index); leaf != null; leaf = leaf.next) {
            largest = Math.max(largest, leaf.size());
        }
        return largest;
    }

    private static IndexLeaf first(KeyIndex index) {
        IndexNode node = index.root();
        while (node instanceof IndexInner inner) {
            node = inner.children[0];
        }
        return (IndexLeaf) node;
    }

    private void node(IndexNode node, int depth, byte @Nullable [] low, byte @Nullable [] high) {
        switch (node) {
            case IndexLeaf leaf -> leaf(leaf, depth, low, high);
            case IndexInner inner -> {
                assertThat(inner.length).isBetween(1, IndexInner.CHILDREN_MAX);
                for (int i = 0; i < inner.length; i++) {
                    assertThat(inner.counts[i]).isEqualTo(inner.children[i].size());
                    byte[] from = i == 0 ? low : inner.separators[i - 1];
                    byte[] to = i == inner.length - 1 ? high : inner.separators[i];
                    node(inner.children[i], depth + 1, from, to);
                }
            }
        }
    }

    private void leaf(IndexLeaf leaf, int depth, byte @Nullable [] low, byte @Nullable [] high) {
        assertThat(leafDepth).isIn(-1, depth);
        leafDepth = depth;
        assertThat(leaf.previous).isSameAs(lastLeaf);
        if (lastLeaf != null) {
            assertThat(lastLeaf.next).isSameAs(leaf);
        }
        lastLeaf = leaf;
        assertThat(leaf.size()).isBetween(index.size() == 0 ? 0 : 1, IndexLeaf.KEYS_MAX);
        for (int i = 0; i < leaf.size(); i++) {
            byte[] key = leaf.keyAt(i);
            assertThat(lastKey == null || Arrays.compareUnsigned(lastKey, key) < 0)
                    .isTrue();
            assertThat(low == null || Arrays.compareUnsigned(low, key) <= 0).isTrue();
            assertThat(high == null || Arrays.compareUnsigned(key, high) < 0).isTrue();
            assertThat(leaf.find(key)).isEqualTo(i);
            lastKey = key;
            keys++;
        }
    }
}
