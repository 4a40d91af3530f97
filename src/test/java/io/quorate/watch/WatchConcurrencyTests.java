package io.quorate.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.watch.WatchStream.WatchSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The same promises with real threads: one commits, one is {@code watch-sync}, several own a stream each, create and cancel
 * watchers, ask for progress and drain. Ends after a number of revisions, not after a time.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WatchConcurrencyTests {

    private static final int REVISIONS = 30_000;
    private static final int STREAMS = 4;

    @Test
    void messagesWhenThreadsRaceComeInOrderWithoutGapsAndAfterNoProgressTheyContradict() throws Exception {
        GrowingStore store = new GrowingStore();
        WatchSettings settings = WatchSettings.DEFAULTS
                .withCatchUpInterval(Duration.ofMillis(1))
                .withVictimInterval(Duration.ofMillis(1));
        WatchHub hub = new WatchHub(store, settings, System::nanoTime, new SplittableRandom(1), () -> {});
        AtomicBoolean written = new AtomicBoolean();
        AtomicInteger reading = new AtomicInteger(STREAMS);
        try (ExecutorService threads = Executors.newFixedThreadPool(STREAMS + 2)) {
            List<Future<?>> tasks = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                long seed = 100 + i;
                tasks.add(threads.submit(() -> {
                    try {
                        new Reader(hub, store, seed).run(written);
                    } finally {
                        reading.decrementAndGet();
                    }
                }));
            }
            tasks.add(threads.submit(() -> {
                while (reading.get() > 0) {
                    if (hub.doWork() > 0) {
                        Thread.onSpinWait();
                    }
                }
            }));
            tasks.add(threads.submit(() -> {
                try {
                    for (long revision = 2; revision <= REVISIONS; revision++) {
                        store.write(revision, hub);
                    }
                } finally {
                    written.set(true);
                }
            }));
            for (Future<?> task : tasks) {
                task.get();
            }
        }
        assertThat(hub.counts().watchers()).isZero();
        assertThat(hub.counts().pendingEvents()).isZero();
        assertThat(hub.counts().streams()).isZero();
    }

    /** Every revision puts one of two keys, in turn. */
    private static final class GrowingStore implements History {

        private volatile long visible = 1;

        void write(long revision, WatchHub hub) {
            hub.committed(revision, List.of(event(revision)));
            visible = revision;
        }

        static Event event(long revision) {
            return Event.newBuilder()
                    .setKv(KeyValue.newBuilder()
                            .setKey(ByteString.copyFromUtf8(revision % 2 == 0 ? "a" : "b"))
                            .setCreateRevision(revision)
                            .setModRevision(revision))
                    .build();
        }

        @Override
        public long currentRevision() {
            return visible;
        }

        @Override
        public long compactedRevision() {
            return -1;
        }

        @Override
        public boolean forEachEvent(long fromRevision, long toRevision, EventVisitor visitor) {
            for (long revision = Math.max(2, fromRevision); revision <= toRevision; revision++) {
                if (!visitor.visit(revision, event(revision))) {
                    return true;
                }
            }
            return true;
        }

        @Override
        public @Nullable KeyValue recordAt(Bytes key, long revision) {
            return null;
        }
    }

    /** Owns one stream with at most one watcher at a time. */
    private static final class Reader implements WatchSink {

        private final WatchStream stream;
        private final GrowingStore store;
        private final SplittableRandom random;
        private final long seed;
        private boolean everything;
        private long start;
        private long last;
        private long id = -1;
        private boolean ready;

        Reader(WatchHub hub, GrowingStore store, long seed) {
            this.store = store;
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.stream = hub.open(this, WatchMemory.UNBOUNDED);
        }

        void run(AtomicBoolean written) {
            while (!written.get()) {
                create();
                for (int i = random.nextInt(200); i > 0; i--) {
                    step();
                }
                stream.cancel(id);
                drain();
            }
            create();
            while (last < (everything ? REVISIONS : REVISIONS - REVISIONS % 2) && start <= REVISIONS) {
                drain();
            }
            stream.close();
        }

        private void step() {
            switch (random.nextInt(4)) {
                case 0 -> stream.requestProgress();
                case 1 -> Thread.onSpinWait();
                default -> drain();
            }
        }

        private void create() {
            everything = random.nextBoolean();
            KeyRange range = everything ? KeyRange.ALL : KeyRange.single(Bytes.utf8("a"));
            start = random.nextBoolean() ? 0 : 1 + random.nextLong(store.currentRevision());
            id = stream.create(
                    WatchSpec.builder().range(range).startRevision(start).build());
            drain();
        }

        private void drain() {
            ready = true;
            stream.drain();
            ready = false;
        }

        @Override
        public void schedule() {
            // Polled.
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void send(WatchMessage message) {
            switch (message) {
                case WatchMessage.Created created -> {
                    start = start == 0 ? created.revision() + 1 : start;
                    last = start - 1;
                }
                case WatchMessage.Events events -> events.events().forEach(this::receive);
                case WatchMessage.Progress progress -> {
                    long next = following(last);
                    assertThat(next).as("seed %d: next after progress", seed).isGreaterThan(progress.revision());
                    last = Math.max(last, progress.revision());
                }
                case WatchMessage.Canceled canceled ->
                    assertThat(canceled.compactRevision()).isZero();
                case WatchMessage.Refused refused -> throw new AssertionError(refused.reason());
            }
        }

        private void receive(Event event) {
            assertThat(event.getKv().getModRevision())
                    .as("seed %d: next event", seed)
                    .isEqualTo(following(last));
            last = event.getKv().getModRevision();
        }

        /** The first revision above the given one that the watcher wants. */
        private long following(long revision) {
            long next = Math.max(2, revision + 1);
            return everything || next % 2 == 0 ? next : next + 1;
        }
    }
}
