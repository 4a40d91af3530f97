package io.quorate.integrity;

import io.quorate.mvcc.HashKv;
import java.nio.ByteBuffer;

/**
 * The hash of a history, and which history: members that name the same revision and the same compacted revision must come
 * to the same hash.
 *
 * @param hash as {@link HashKv} computes it
 * @param revision the last that was taken in
 * @param compactRevision below which everything is left out that a compaction removes
 */
record HistoryHash(int hash, long revision, long compactRevision) {

    private static final int BYTES = Integer.BYTES + 2 * Long.BYTES;

    static HistoryHash of(HashKv.Result result) {
        return new HistoryHash(result.hash(), result.hashRevision(), result.compactRevision());
    }

    /** Whether it is about the same history, so that the hashes must be equal. */
    boolean isAboutThatOf(HistoryHash other) {
        return revision == other.revision && compactRevision == other.compactRevision;
    }

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .putInt(hash)
                .putLong(revision)
                .putLong(compactRevision)
                .array();
    }

    /** @throws IllegalArgumentException if the bytes are none */
    static HistoryHash decode(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a hash of " + bytes.length + " bytes");
        }
        ByteBuffer fields = ByteBuffer.wrap(bytes);
        return new HistoryHash(fields.getInt(), fields.getLong(), fields.getLong());
    }
}
