package io.quorate.mvcc;

import io.quorate.base.Sha256;
import io.quorate.storage.Cursor;
import io.quorate.storage.Family;
import io.quorate.storage.Reader;
import io.quorate.storage.Reader.Scan;
import io.quorate.storage.View;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/** The history in a view of the state, for what copies it. Used by one thread. */
public final class StoredHistory {

    private static final long FIRST_REVISION = 1;

    private final View view;
    private final long newest;
    private final long compacted;

    /** @param view must stay open while this is used */
    public StoredHistory(View view) {
        this.view = view;
        Markers markers = Markers.read(view);
        compacted = markers.newest();
        newest = Math.max(Math.max(Markers.newestRevision(view), compacted), FIRST_REVISION);
    }

    /** The current revision of the view; at least 1. */
    public long newestRevision() {
        return newest;
    }

    /** The compacted revision; -1 as long as nothing was compacted. What lies above it is whole. */
    public long compactedRevision() {
        return compacted;
    }

    /**
     * All records of revisions {@code from < revision <= to} in the order of storage keys.
     *
     * @return to be closed by the caller
     */
    public Cursor records(long from, long to) {
        return view.cursor(
                Family.HISTORY,
                new Revision(from + 1, 0).storageKey(),
                new Revision(to + 1, 0).storageKey(),
                Scan.LONG);
    }

    /** What tells the changes of a revision from those of another history under the same number; see {@link Tip}. */
    public long tipOf(long revision) {
        Tip tip = new Tip();
        try (Cursor cursor = records(revision - 1, revision)) {
            for (; cursor.isValid(); cursor.next()) {
                tip.add(cursor.key(), cursor.value());
            }
        }
        return tip.value();
    }

    /** Whether bytes are the storage key of a change. */
    public static boolean isStorageKey(byte[] bytes) {
        return Revision.isWellFormed(bytes);
    }

    /** Tells the leases that live keys are attached to, each at least once. */
    public static void leasesInUse(Reader state, LongConsumer each) {
        try (Cursor cursor = state.cursor(Family.CURRENT, null, null, Scan.LONG)) {
            for (; cursor.isValid(); cursor.next()) {
                long lease = Records.parseMeta(cursor.value()).lease();
                if (lease != 0) {
                    each.accept(lease);
                }
            }
        }
    }

    /** The main revision that a storage key names. */
    public static long revisionOf(byte[] storageKey) {
        return Revision.parse(storageKey).main();
    }

    /**
     * Hashes the history as {@code HashKV} does.
     *
     * @param upTo the last revision to take in
     * @param compactedAt the compacted revision to hash for; none of the history above it may be missing
     */
    public HashKv.Result hashKv(long upTo, long compactedAt) {
        return new HashKv(view, upTo, compactedAt, newest).compute();
    }

    /** The first 8 bytes of the SHA-256 of a revision's records; a revision without records has a tip too. */
    public static final class Tip {

        private final MessageDigest digest = Sha256.begin();

        /** Takes in the next record of the revision. */
        public void add(byte[] storageKey, byte[] record) {
            digest.update(storageKey);
            digest.update(record);
        }

        /** The tip of the records so far; what is added next belongs to another revision. */
        public long value() {
            return ByteBuffer.wrap(digest.digest()).getLong();
        }
    }
}
