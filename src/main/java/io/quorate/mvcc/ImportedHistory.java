package io.quorate.mvcc;

import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import io.quorate.storage.Family;
import io.quorate.storage.TableLoad;
import io.quorate.storage.WriteSet;
import java.io.IOException;
import java.util.Arrays;

/**
 * Builds the families of the store from a history that was written elsewhere, record by record in the order of revisions. History alone
 * says everything: the newest record of each key and the versions follow from it. Used by one thread.
 */
public final class ImportedHistory {

    /**
     * A change as a record says it.
     *
     * @param key of the client; empty in a record that only raises the revision
     * @param revision its main revision
     * @param isDeletion whether it deleted the key
     */
    public record Change(Bytes key, long revision, boolean isDeletion) {}

    private final TableLoad history;
    private byte[] last = {};
    private long newest;
    private long records;

    /** @param history takes the records as they are */
    public ImportedHistory(TableLoad history) {
        this.history = history;
    }

    /**
     * Adds a change. What finds it by its key comes into the set.
     *
     * @param storageKey a revision as etcd stores it
     * @param record an encoded {@code mvccpb.KeyValue}
     * @throws IllegalArgumentException if they are not, or the key is not above the last one
     */
    public void add(WriteSet set, byte[] storageKey, byte[] record) {
        Revision revision = parse(storageKey);
        byte[] key = keyOf(record);
        if (Arrays.compareUnsigned(last, storageKey) >= 0) {
            throw new IllegalArgumentException(
                    "a record at revision " + revision.main() + " stands behind a later one");
        }
        last = storageKey;
        boolean tombstone = Revision.isTombstone(storageKey);
        history.put(storageKey, record);
        set.put(
                Family.VERSIONS,
                VersionKey.of(Bytes.wrap(key), revision),
                tombstone ? VersionKey.TOMBSTONE : VersionKey.PUT);
        if (tombstone) {
            set.delete(Family.CURRENT, key);
        } else if (key.length > 0) {
            // A record without a key only raises the revision: etcdutl's --bump-revision writes it.
            set.put(Family.CURRENT, key, record);
        }
        newest = revision.main();
        records++;
    }

    /**
     * Reads a record without taking it over.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Change change(byte[] storageKey, byte[] record) {
        Revision revision = parse(storageKey);
        return new Change(Bytes.wrap(keyOf(record)), revision.main(), Revision.isTombstone(storageKey));
    }

    /**
     * Adds a record without a key, which only raises the newest revision, as etcdutl does: clients never see a revision twice then.
     *
     * @param by at least 1
     */
    public void raise(WriteSet set, long by) {
        add(set, new Revision(Math.addExact(newest, by), 0).storageKey(), new byte[0]);
    }

    /** The main revision of the last change; 0 if there was none. */
    public long newestRevision() {
        return newest;
    }

    /** How many changes there were. */
    public long records() {
        return records;
    }

    private static Revision parse(byte[] storageKey) {
        try {
            return Revision.parse(storageKey);
        } catch (Fault e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static byte[] keyOf(byte[] record) {
        try {
            return Records.keyOf(record);
        } catch (IOException e) {
            throw new IllegalArgumentException("a record is no key-value message", e);
        }
    }
}
