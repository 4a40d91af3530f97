package io.quorate.backup;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.lease.LeaseCodec;
import io.quorate.lease.LeaseRecord;
import io.quorate.mvcc.CommitObserver;
import io.quorate.mvcc.Compaction;
import io.quorate.mvcc.HashKv;
import io.quorate.mvcc.MvccStore;
import io.quorate.mvcc.WriteBatch;
import io.quorate.mvcc.WriteTxn;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.StorageSettings;
import io.quorate.storage.WriteSet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A key space in a real database, with leases and users beside it, whose backups are tested. */
public final class BackedUpState implements AutoCloseable {

    private final Database database;
    private final MvccStore store;
    private long applied;

    public BackedUpState(Path directory) {
        database = Database.open(directory, StorageSettings.DEFAULTS);
        store = new MvccStore(database, new MvccStore.LeaseAttachments() {
            @Override
            public void attach(long lease, Bytes key) {
                // leases are records here and nothing more
            }

            @Override
            public void detach(long lease, Bytes key) {
                // as above
            }
        });
        store.connect(CommitObserver.NONE, Compaction.Observer.NONE);
    }

    public Database database() {
        return database;
    }

    public long revision() {
        return store.currentRevision();
    }

    /** Grows with each change, of keys or not. */
    public long applied() {
        return applied;
    }

    public long put(String key, String value) {
        return txn(txn -> txn.put(Bytes.utf8(key), ByteString.copyFromUtf8(value), 0, false));
    }

    public long put(String key, String value, long lease) {
        return txn(txn -> txn.put(Bytes.utf8(key), ByteString.copyFromUtf8(value), lease, false));
    }

    public long delete(String key) {
        return txn(txn -> txn.deleteRange(KeyRange.single(Bytes.utf8(key)), false));
    }

    /** Several changes in one revision. */
    public long txn(Consumer<WriteTxn> changes) {
        return batch(batch -> {
            WriteTxn txn = batch.begin();
            changes.accept(txn);
            long unused = txn.end();
        });
    }

    /** Compacts, and removes what is not needed any more. */
    public void compact(long revision) {
        long unused = batch(batch -> batch.compact(revision));
        Compaction compaction = store.compaction();
        while (!compaction.isIdle()) {
            long unusedPause = compaction.doWork();
        }
    }

    private long batch(Consumer<WriteBatch> changes) {
        try (WriteSet set = database.newWriteSet()) {
            WriteBatch batch = store.beginBatch(set);
            changes.accept(batch);
            database.write(set);
            batch.publish();
            applied++;
            return store.currentRevision();
        }
    }

    public void grant(long lease, long seconds) {
        LeaseCodec codec = new LeaseCodec();
        write(set -> set.put(Family.LEASE, codec.encodeId(lease), codec.encode(new LeaseRecord(lease, seconds, 0))));
    }

    public void revoke(long lease) {
        write(set -> set.delete(Family.LEASE, new LeaseCodec().encodeId(lease)));
    }

    /** A user whose record is not looked into. */
    public void user(String name, String record) {
        write(set -> set.put(Family.USER, bytes(name), bytes(record)));
    }

    private void write(Consumer<WriteSet> changes) {
        try (WriteSet set = database.newWriteSet()) {
            changes.accept(set);
            database.write(set);
            applied++;
        }
    }

    /** What {@code HashKV} says of the history up to a revision, now. */
    public HashKv.Result hashKv(long revision) {
        return store.hashKv(revision);
    }

    /** The records of a family, in text that can be compared. */
    public static TreeMap<String, String> records(Database database, Family family) {
        TreeMap<String, String> all = new TreeMap<>();
        try (var cursor = database.cursor(family, null, null)) {
            for (; cursor.isValid(); cursor.next()) {
                all.put(
                        Bytes.wrap(cursor.key()).toString(),
                        Bytes.wrap(cursor.value()).toString());
            }
        }
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        database.close();
    }
}
