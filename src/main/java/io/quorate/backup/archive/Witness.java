package io.quorate.backup.archive;

import io.quorate.mvcc.HashKv;

/**
 * The hash of the history as a member computed it from its own state. What is restored must come to the same.
 *
 * @param revision the last one that was taken in; 0 if nothing was hashed
 * @param compacted the compacted revision that it was computed for; -1 for none
 * @param hash as {@code HashKV} gives it
 */
public record Witness(long revision, long compacted, int hash) {

    /** Nothing was hashed. */
    public static final Witness NONE = new Witness(0, -1, 0);

    /** What a member computed. */
    public static Witness of(HashKv.Result result) {
        return new Witness(result.hashRevision(), result.compactRevision(), result.hash());
    }

    /** Whether there is a hash. */
    public boolean isPresent() {
        return revision > 0;
    }
}
