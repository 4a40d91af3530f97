package io.quorate.mvcc;

/** The order of a range's result. */
public enum SortOrder {
    /** Key order; with another target than the key, the cut result is sorted ascending by that target. */
    NONE,
    ASCEND,
    DESCEND
}
