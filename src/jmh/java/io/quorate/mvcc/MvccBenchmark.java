package io.quorate.mvcc;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.mvcc.MvccStore.LeaseAttachments;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.storage.Database;
import io.quorate.storage.StorageSettings;
import io.quorate.storage.WriteSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.util.FileSystemUtils;

/** Applying, reading one key, and reading ranges, on a real database without the raft log. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(1)
@SuppressWarnings("NullAway.Init") // the harness calls open() first
public class MvccBenchmark {

    private static final int BATCH = 64;
    private static final int KEYS = 100_000;
    private static final int RANGE_KEYS = 10_000;

    @Param({"256", "1024"})
    private int valueBytes;

    private final SplittableRandom random = new SplittableRandom(1);
    private Path directory;
    private Database database;
    private MvccStore store;
    private Bytes[] names;
    private ByteString value;
    private long pinned;

    /** Puts all keys once, and a few of them again so that the past differs. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        directory = Files.createTempDirectory("mvcc-benchmark");
        database = Database.open(directory.resolve("db"), StorageSettings.DEFAULTS);
        store = connected();
        byte[] bytes = new byte[valueBytes];
        random.nextBytes(bytes);
        value = ByteString.copyFrom(bytes);
        names = new Bytes[KEYS];
        for (int i = 0; i < KEYS; i++) {
            names[i] = Bytes.utf8("/registry/pod/%07d".formatted(i));
        }
        for (int i = 0; i < KEYS; i += BATCH) {
            put(i, false);
        }
        pinned = store.currentRevision();
        put();
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        database.closeWithoutFlush();
        FileSystemUtils.deleteRecursively(directory);
    }

    /** Puts per second, 64 entries in a batch, random keys. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void put() {
        put(0, true);
    }

    /** Gets of a random key per second. */
    @Benchmark
    public RangeResult get() {
        return store.range(RangeQuery.of(KeyRange.single(names[random.nextInt(KEYS)])));
    }

    /** Ranges of 10 000 keys per second. */
    @Benchmark
    public RangeResult range() {
        return store.range(query().build());
    }

    /** Ranges of 10 000 keys per second at an old revision. */
    @Benchmark
    public RangeResult rangeOfPast() {
        return store.range(query().revision(pinned).build());
    }

    /** Ranges of 10 000 keys per second, wanting no values. */
    @Benchmark
    public RangeResult rangeOfKeysOnly() {
        return store.range(query().keysOnly(true).build());
    }

    /** Loads per second of the index from 100 000 records. */
    @Benchmark
    public MvccStore load() {
        return connected();
    }

    private MvccStore connected() {
        MvccStore opened = new MvccStore(database, new NoLeases());
        opened.connect(CommitObserver.NONE, Compaction.Observer.NONE);
        return opened;
    }

    private RangeQuery.RangeQueryBuilder query() {
        int from = random.nextInt(KEYS - RANGE_KEYS);
        return RangeQuery.builder(new KeyRange(names[from], names[from + RANGE_KEYS]));
    }

    private void put(int first, boolean anyKey) {
        try (WriteSet set = database.newWriteSet()) {
            WriteBatch batch = store.beginBatch(set);
            for (int i = 0; i < BATCH; i++) {
                int number = anyKey ? random.nextInt(KEYS) : Math.min(first + i, KEYS - 1);
                WriteTxn txn = batch.begin();
                txn.put(names[number], value, 0, false);
                txn.end();
            }
            database.write(set);
            batch.publish();
        }
    }

    private static final class NoLeases implements LeaseAttachments {

        @Override
        public void attach(long lease, Bytes key) {
            // no key of the benchmark has a lease
        }

        @Override
        public void detach(long lease, Bytes key) {
            // no key of the benchmark has a lease
        }
    }
}
