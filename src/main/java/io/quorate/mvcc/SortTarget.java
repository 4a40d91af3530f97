package io.quorate.mvcc;

/** What a range's result is sorted by. */
public enum SortTarget {
    KEY,
    VERSION,
    CREATE,
    MOD,
    VALUE
}
