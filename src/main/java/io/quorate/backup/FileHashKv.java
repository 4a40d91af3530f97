package io.quorate.backup;

import io.quorate.base.Bytes;
import io.quorate.bbolt.BboltException;
import io.quorate.bbolt.BucketRecords;
import io.quorate.mvcc.ImportedHistory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The hash of a snapshot's history, equal to what {@code HashKV} of a member with the same history gives.
 *
 * @param hash CRC-32C
 * @param hashRevision the last revision that was taken in
 * @param compactRevision the compacted revision; -1 for none
 */
public record FileHashKv(int hash, long hashRevision, long compactRevision) {

    private static final String[] MARKERS = {"scheduledCompactRev", "finishedCompactRev"};

    /**
     * Reads the history up to three times.
     *
     * @param upTo the last revision to take in; 0 for the newest
     * @throws SnapshotException if the snapshot is damaged, or has not that revision
     */
    public static FileHashKv of(SnapshotFile snapshot, long upTo) {
        try {
            return compute(snapshot, upTo);
        } catch (BboltException e) {
            throw snapshot.damaged(e);
        } catch (IllegalArgumentException e) {
            throw new SnapshotException(snapshot.name() + ": " + e.getMessage(), e);
        }
    }

    private static FileHashKv compute(SnapshotFile snapshot, long upTo) {
        long compacted = compacted(snapshot);
        if (upTo > 0 && upTo < compacted) {
            throw new SnapshotException("mvcc: required revision has been compacted");
        }
        Map<Bytes, Bytes> kept = compacted < 0 ? Map.of() : keptBy(snapshot, compacted, upTo);
        CRC32C crc = new CRC32C();
        crc.update(BucketNames.KEY.getBytes(StandardCharsets.UTF_8));
        long last = 0;
        try (BucketRecords records = snapshot.file().records(BucketNames.KEY)) {
            while (records.next()) {
                ImportedHistory.Change change = ImportedHistory.change(records.key(), records.value());
                last = change.revision();
                boolean old = last <= compacted;
                boolean survives = !old || Objects.equals(kept.get(change.key()), Bytes.wrap(records.key()));
                if ((upTo == 0 || last <= upTo) && survives) {
                    crc.update(records.key());
                    crc.update(records.value());
                }
            }
        }
        if (upTo > Math.max(last, 1)) {
            throw new SnapshotException("mvcc: required revision is a future revision");
        }
        return new FileHashKv((int) crc.getValue(), upTo == 0 ? Math.max(last, 1) : upTo, compacted);
    }

    /** What counts of the records up to the compacted revision; {@link io.quorate.mvcc.HashKv} says why it is so. */
    private static Map<Bytes, Bytes> keptBy(SnapshotFile snapshot, long compacted, long upTo) {
        Map<Bytes, Bytes> living = living(snapshot, upTo == 0 ? Long.MAX_VALUE : upTo);
        return living.isEmpty() ? living(snapshot, compacted) : living;
    }

    /** The newest record of each key that lives at a revision. */
    private static Map<Bytes, Bytes> living(SnapshotFile snapshot, long revision) {
        Map<Bytes, Bytes> newest = new HashMap<>();
        try (BucketRecords records = snapshot.file().records(BucketNames.KEY)) {
            while (records.next()) {
                ImportedHistory.Change change = ImportedHistory.change(records.key(), records.value());
                if (change.revision() > revision) {
                    break;
                }
                if (change.isDeletion()) {
                    newest.remove(change.key());
                } else {
                    newest.put(change.key(), Bytes.wrap(records.key()));
                }
            }
        }
        return newest;
    }

    /** The compacted revision of a snapshot; -1 for none. */
    public static long compacted(SnapshotFile snapshot) {
        long compacted = -1;
        for (String marker : MARKERS) {
            byte @Nullable [] value = meta(snapshot, marker);
            if (value != null && value.length >= Long.BYTES) {
                compacted = Math.max(compacted, ByteBuffer.wrap(value).getLong());
            }
        }
        return compacted;
    }

    private static byte @Nullable [] meta(SnapshotFile snapshot, String name) {
        try (BucketRecords records = snapshot.file().records(BucketNames.META)) {
            while (records.next()) {
                if (new String(records.key(), StandardCharsets.UTF_8).equals(name)) {
                    return records.value();
                }
            }
        }
        return null;
    }
}
