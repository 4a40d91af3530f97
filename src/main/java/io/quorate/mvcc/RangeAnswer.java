package io.quorate.mvcc;

import io.quorate.mvcc.RangeQuery.RangeResult;

/** The answer to a range: all of it in memory, or what it takes to read it piece by piece. */
public sealed interface RangeAnswer permits RangeResult, OpenRange {

    /** Live keys in the range at the revision read, whatever limit and filters say. */
    long count();

    /** Whether the limit cut off records that match. */
    boolean more();

    /** The newest revision of the state that was read, which is what a response header reports. */
    long revision();
}
