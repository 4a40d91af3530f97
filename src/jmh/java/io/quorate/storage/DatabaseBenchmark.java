package io.quorate.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

/**
 * What the state machine asks of the database: a point read, a scan, and the write of one put, which is a record in each of
 * the three families of keys, 32 puts to a batch with the consistent index.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
@SuppressWarnings("NullAway.Init") // fill() is called first
public class DatabaseBenchmark {

    private static final int BATCH = 32;
    private static final int SCAN = 1_000;
    private static final byte[] INDEX_KEY = "consistent_index".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NOTHING = {};

    @Param({"50000", "500000"})
    private int keys;

    private final Random random = new Random(1);
    private final byte[] value = new byte[1024];
    private Path directory;
    private Database database;
    private WriteSet set;
    private long revision;

    @Setup(Level.Trial)
    public void fill() throws IOException {
        directory = Files.createTempDirectory("database-benchmark");
        database = Database.open(directory, StorageSettings.DEFAULTS);
        set = database.newWriteSet();
        random.nextBytes(value);
        for (int index = 0; index < keys; index++) {
            set.put(Family.CURRENT, key(index), value);
            if (set.count() == BATCH) {
                write();
            }
        }
        write();
        database.flush();
        database.compact();
    }

    @TearDown(Level.Trial)
    public void remove() throws IOException {
        set.close();
        database.close();
        List<Path> files;
        try (Stream<Path> found = Files.walk(directory)) {
            files = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }

    @Benchmark
    public byte @Nullable [] get() {
        return database.get(Family.CURRENT, key(random.nextInt(keys)));
    }

    @Benchmark
    @OperationsPerInvocation(SCAN)
    public long scan() {
        long bytes = 0;
        try (Cursor cursor = database.cursor(Family.CURRENT, key(random.nextInt(keys - SCAN)), null)) {
            for (int step = 0; step < SCAN; step++) {
                bytes += cursor.key().length + cursor.value().length;
                cursor.next();
            }
        }
        return bytes;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void write3Families() {
        for (int put = 0; put < BATCH; put++) {
            revision++;
            byte[] key = key(random.nextInt(keys));
            set.put(Family.CURRENT, key, value);
            set.put(Family.HISTORY, revisionKey(), value);
            set.put(
                    Family.VERSIONS,
                    ByteBuffer.allocate(key.length + 17)
                            .put(key)
                            .put(revisionKey())
                            .array(),
                    NOTHING);
        }
        set.put(Family.META, INDEX_KEY, revisionKey());
        write();
    }

    private void write() {
        database.write(set);
        set.clear();
    }

    private byte[] revisionKey() {
        return ByteBuffer.allocate(17)
                .putLong(revision)
                .put((byte) '_')
                .putLong(0)
                .array();
    }

    private static byte[] key(int index) {
        return ("/registry/pods/default/" + (10_000_000 + index)).getBytes(StandardCharsets.UTF_8);
    }
}
