package io.quorate.watch;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.watch.WatchStream.WatchSink;
import java.util.List;
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

/** What the apply thread pays for a revision of one event; the one matching watcher's stream is drained at once. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class CommittedBenchmark {

    @Param({"NONE", "ONE", "SINGLE_KEYS_10K", "RANGES_1K", "SAME_KEY_1K"})
    private Watchers watchers = Watchers.NONE;

    private final Nothing history = new Nothing();
    private WatchHub hub = newHub(history);
    private List<Event> events = List.of();
    private long revision = 1;

    /** Who watches. */
    public enum Watchers {
        NONE,
        ONE,
        SINGLE_KEYS_10K,
        RANGES_1K,
        SAME_KEY_1K
    }

    @Setup
    public void watch() {
        hub = newHub(history);
        revision = 1;
        KeyValue kv = KeyValue.newBuilder()
                .setKey(ByteString.copyFromUtf8("key/000500"))
                .setValue(ByteString.copyFromUtf8("x".repeat(256)))
                .setCreateRevision(2)
                .setModRevision(2)
                .setVersion(1)
                .build();
        events = List.of(Event.newBuilder().setKv(kv).build());
        switch (watchers) {
            case NONE -> {}
            case ONE -> open(KeyRange.single(key(500)));
            case SINGLE_KEYS_10K -> {
                for (int i = 0; i < 10_000; i++) {
                    open(KeyRange.single(key(i)));
                }
            }
            case RANGES_1K -> {
                for (int i = 0; i < 1000; i++) {
                    open(new KeyRange(key(i), key(i + 1)));
                }
            }
            case SAME_KEY_1K -> {
                for (int i = 0; i < 1000; i++) {
                    open(KeyRange.single(key(500)));
                }
            }
        }
    }

    @Benchmark
    public long committed() {
        hub.committed(++revision, events);
        return revision;
    }

    private static WatchHub newHub(History history) {
        return new WatchHub(history, WatchSettings.DEFAULTS, System::nanoTime, new SplittableRandom(1), () -> {});
    }

    private void open(KeyRange range) {
        new Drain(hub).stream.create(WatchSpec.builder().range(range).build());
    }

    private static Bytes key(int number) {
        return Bytes.utf8(String.format("key/%06d", number));
    }

    private static final class Drain implements WatchSink {

        private final WatchStream stream;

        Drain(WatchHub hub) {
            stream = hub.open(this, WatchMemory.UNBOUNDED);
        }

        @Override
        public void schedule() {
            stream.drain();
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void send(WatchMessage message) {
            // nobody reads it
        }
    }

    private static final class Nothing implements History {

        @Override
        public long currentRevision() {
            return 1;
        }

        @Override
        public long compactedRevision() {
            return -1;
        }

        @Override
        public boolean forEachEvent(long fromRevision, long toRevision, EventVisitor visitor) {
            return true;
        }

        @Override
        public @Nullable KeyValue recordAt(Bytes key, long revision) {
            return null;
        }
    }
}
