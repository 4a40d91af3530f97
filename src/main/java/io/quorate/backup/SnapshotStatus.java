package io.quorate.backup;

import io.quorate.base.Bytes;
import io.quorate.bbolt.BboltException;
import io.quorate.bbolt.BucketRecords;
import io.quorate.mvcc.ImportedHistory;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * What a snapshot holds, by etcd's count.
 *
 * @param hash CRC-32C over the names of all buckets and their records
 * @param revision the newest one
 * @param totalKey keys that are not deleted
 * @param totalSize bytes of its pages
 * @param version of the stored data; empty if the snapshot does not say it, or not as a version is written
 */
public record SnapshotStatus(int hash, long revision, int totalKey, long totalSize, String version) {

    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z.+-]{1,64}");

    /**
     * Reads all of it, and remembers each key.
     *
     * @throws SnapshotException if it is damaged
     */
    public static SnapshotStatus of(SnapshotFile snapshot) {
        try {
            return read(snapshot);
        } catch (BboltException e) {
            throw snapshot.damaged(e);
        } catch (IllegalArgumentException e) {
            throw new SnapshotException(snapshot.name() + ": " + e.getMessage(), e);
        }
    }

    private static SnapshotStatus read(SnapshotFile snapshot) {
        CRC32C crc = new CRC32C();
        Set<Bytes> live = new HashSet<>();
        long revision = 0;
        String version = "";
        for (String bucket : snapshot.file().buckets()) {
            crc.update(bucket.getBytes(StandardCharsets.UTF_8));
            try (BucketRecords records = snapshot.file().records(bucket)) {
                while (records.next()) {
                    byte[] key = records.key();
                    byte[] value = records.value();
                    crc.update(key);
                    crc.update(value);
                    if (bucket.equals(BucketNames.KEY)) {
                        ImportedHistory.Change change = ImportedHistory.change(key, value);
                        revision = change.revision();
                        boolean unused = change.isDeletion() ? live.remove(change.key()) : live.add(change.key());
                    } else if (bucket.equals(BucketNames.META)
                            && new String(key, StandardCharsets.UTF_8).equals("storageVersion")) {
                        version = version(value);
                    }
                }
            }
        }
        return new SnapshotStatus(
                (int) crc.getValue(), revision, live.size(), snapshot.file().size(), version);
    }

    /** It is printed, so it has no control characters, whatever the file says. */
    private static String version(byte[] stored) {
        String text = new String(stored, StandardCharsets.UTF_8);
        return VERSION.matcher(text).matches() ? text : "";
    }
}
