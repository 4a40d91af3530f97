package io.quorate.mvcc;

/** A node of the {@link KeyIndex}: a leaf with keys, or an inner node with counted children. */
abstract sealed class IndexNode permits IndexLeaf, IndexInner {

    /** Keys in the whole subtree. */
    abstract int size();
}
