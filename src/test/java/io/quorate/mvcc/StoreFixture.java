package io.quorate.mvcc;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.mvcc.MvccStore.LeaseAttachments;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.storage.Database;
import io.quorate.storage.StorageSettings;
import io.quorate.storage.WriteSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A store over a real database in a directory of the test, with a clock that the test moves. */
final class StoreFixture implements AutoCloseable {

    static final StorageSettings SMALL =
            StorageSettings.DEFAULTS.withCacheBytes(4 << 20).withWriteBufferBytes(4 << 20);

    final Map<Long, TreeSet<Bytes>> attached = new HashMap<>();
    final TreeMap<Long, List<Event>> committed = new TreeMap<>();
    final MvccSettings options;
    private final Path directory;
    long nanos;
    Database database;
    MvccStore store;
    CommitObserver observer = this::note;

    /** What each batch of a compaction removed. */
    final List<Integer> removals = new ArrayList<>();

    /** How long each compaction took, and each of their batches. */
    final List<Long> compactions = new ArrayList<>();

    final List<Long> steps = new ArrayList<>();

    StoreFixture(Path directory) {
        this(directory, MvccSettings.DEFAULT);
    }

    StoreFixture(Path directory, MvccSettings options) {
        this.directory = directory;
        this.options = options;
        this.database = Database.open(directory, SMALL);
        this.store = newStore();
    }

    /** Closes the database and loads everything anew. */
    void restart() {
        database.close();
        attached.clear();
        database = Database.open(directory, SMALL);
        store = newStore();
    }

    /** One batch of one entry; returns the revision for its header. */
    long apply(Consumer<WriteTxn> entry) {
        return applying(txn -> {
            entry.accept(txn);
            return txn.end();
        });
    }

    /** One batch of one entry, which the function ends. */
    long applying(ToLongFunction<WriteTxn> entry) {
        return batch(batch -> entry.applyAsLong(batch.begin()));
    }

    /** One batch: filled by the function, then written, then published. */
    <T> T batch(Function<WriteBatch, T> fill) {
        try (WriteSet set = database.newWriteSet()) {
            WriteBatch batch = store.beginBatch(set);
            try {
                T result = fill.apply(batch);
                database.write(set);
                batch.publish();
                return result;
            } catch (MvccException refused) {
                database.write(set);
                batch.publish();
                throw refused;
            }
        }
    }

    long put(String key, String value) {
        return put(key, value, 0);
    }

    long put(String key, String value, long lease) {
        return apply(txn -> txn.put(key(key), value(value), lease, false));
    }

    long delete(String key) {
        return apply(txn -> txn.deleteRange(KeyRange.single(key(key)), false));
    }

    /** Applies a compaction without removing anything. */
    void schedule(long revision) {
        batch(batch -> {
            batch.compact(revision);
            return revision;
        });
    }

    /** Applies a compaction and removes all that is to be removed. */
    void compact(long revision) {
        schedule(revision);
        compactFully();
    }

    void compactFully() {
        while (store.compaction().step() > 0) {
            nanos += options.compactionPause().toNanos();
        }
    }

    RangeResult range(KeyRange range) {
        return store.range(RangeQuery.of(range));
    }

    @Nullable
    KeyValue get(String key) {
        return at(key, 0);
    }

    @Nullable
    KeyValue at(String key, long revision) {
        List<KeyValue> kvs = store.range(RangeQuery.builder(KeyRange.single(key(key)))
                        .revision(revision)
                        .build())
                .kvs();
        return kvs.isEmpty() ? null : kvs.getFirst();
    }

    static List<String> keys(RangeResult result) {
        return result.kvs().stream().map(kv -> kv.getKey().toStringUtf8()).toList();
    }

    static Bytes key(String text) {
        return Bytes.utf8(text);
    }

    static ByteString value(String text) {
        return ByteString.copyFromUtf8(text);
    }

    static KeyRange between(String start, String end) {
        return new KeyRange(key(start), key(end));
    }

    static KeyValue record(String key, String value, long create, long mod, long version, long lease) {
        return KeyValue.newBuilder()
                .setKey(value(key))
                .setValue(value(value))
                .setCreateRevision(create)
                .setModRevision(mod)
                .setVersion(version)
                .setLease(lease)
                .build();
    }

    /** Without a flush, since nobody reads the directory any more. */
    @Override
    public void close() {
        database.closeWithoutFlush();
    }

    private void note(long revision, List<Event> events) {
        if (committed.put(revision, new ArrayList<>(events)) != null) {
            throw new AssertionError("revision " + revision + " was committed twice");
        }
    }

    private MvccStore newStore() {
        MvccStore opened = new MvccStore(database, new Attachments(), options, () -> nanos);
        opened.connect((revision, events) -> observer.committed(revision, events), new Compactions());
        return opened;
    }

    static MvccSettings tinyBatches() {
        return new MvccSettings(3, Duration.ofMillis(10));
    }

    /** Refuses to attach twice or to detach what is not attached. */
    private final class Attachments implements LeaseAttachments {

        @Override
        public void attach(long lease, Bytes key) {
            if (!attached.computeIfAbsent(lease, first -> new TreeSet<>()).add(key)) {
                throw new AssertionError("attached twice: " + key.toUtf8() + " to " + lease);
            }
        }

        @Override
        public void detach(long lease, Bytes key) {
            TreeSet<Bytes> keys = attached.get(lease);
            if (keys == null || !keys.remove(key)) {
                throw new AssertionError("not attached: " + key.toUtf8() + " to " + lease);
            }
            if (keys.isEmpty()) {
                attached.remove(lease);
            }
        }
    }

    private final class Compactions implements Compaction.Observer {

        @Override
        public void step(int versionsRemoved, long duration) {
            removals.add(versionsRemoved);
            steps.add(duration);
        }

        @Override
        public void finished(long duration) {
            compactions.add(duration);
        }
    }
}
