package io.quorate.mvcc;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The index in memory with many keys of 20 bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class KeyIndexBenchmark {

    @Param({"1000000"})
    private int keys;

    private final SplittableRandom random = new SplittableRandom(1);
    private KeyIndex index = new KeyIndex();
    private Bytes[] names = {};
    private int next;

    /** Loads every second key. */
    @Setup
    public void load() {
        names = new Bytes[2 * keys];
        KeyIndex.Loader loader = new KeyIndex.Loader();
        for (int i = 0; i < names.length; i++) {
            names[i] = Bytes.utf8("/registry/x/%08d".formatted(i));
            if (i % 2 == 0) {
                loader.append(names[i].unwrap(), new KeyMeta(i, i, 1, 0));
            }
        }
        index = loader.build();
    }

    /** Looks up a random key, which exists. */
    @Benchmark
    public @Nullable KeyMeta get() {
        return index.get(names[2 * random.nextInt(keys)]);
    }

    /** Replaces what is known about a random key. */
    @Benchmark
    public void putExisting() {
        index.put(names[2 * random.nextInt(keys)], new KeyMeta(1, next++, 1, 0));
    }

    /** Adds a random key and takes another one out. */
    @Benchmark
    public @Nullable KeyMeta putNewAndRemove() {
        index.put(names[2 * random.nextInt(keys) + 1], new KeyMeta(1, next++, 1, 0));
        return index.remove(names[2 * random.nextInt(keys) + 1]);
    }

    /** Counts a random range. */
    @Benchmark
    public int count() {
        int from = random.nextInt(names.length);
        return index.count(new KeyRange(names[from], names[from + random.nextInt(names.length - from)]));
    }
}
