package io.quorate.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random requests, changes, compactions, snapshots, slow clients and steps of {@code watch-sync}, also in the middle of
 * reading history, on one thread. Every message is checked against the whole history. A failure names its seed; repeat it
 * with {@code -Dwatch.seed=}.
 */
class WatchSimulationTests {

    private static final int STEPS = 500;

    @Test
    void messagesWhenEverythingInterleavesAtRandomKeepAllPromises() {
        Long only = Long.getLong("watch.seed");
        if (only != null) {
            run(only);
            return;
        }
        for (long seed = 1; seed <= 200; seed++) {
            run(seed);
        }
    }

    @Test
    @Tag("long")
    void messagesWhenRunForManySeedsKeepAllPromises() {
        for (long seed = 1000; seed <= 30_000; seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        Simulation simulation = new Simulation(seed);
        try {
            for (int i = 0; i < STEPS; i++) {
                simulation.step();
            }
            simulation.settle();
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError("seed " + seed + " fails; repeat with -Dwatch.seed=" + seed, failure);
        }
    }

    private static final class Simulation {

        private final SplittableRandom random;
        private final WatchSettings settings;
        private final WatchFixture fixture;
        private final List<Client> clients = new ArrayList<>();
        private boolean reading;
        private boolean restoring;

        Simulation(long seed) {
            random = new SplittableRandom(seed);
            settings = WatchSettings.DEFAULTS
                    .withBufferMessages(1 + random.nextInt(5))
                    .withBufferBytes(random.nextBoolean() ? 100 : 1 << 20)
                    .withRecentRevisions(1 + random.nextInt(3))
                    .withCatchUpRevisions(3 + random.nextInt(4))
                    .withCatchUpWatchers(1 + random.nextInt(4))
                    .withCatchUpEvents(1 + random.nextInt(30))
                    .withFragmentBytes(100)
                    .withProgressInterval(Duration.ofMillis(100));
            fixture = new WatchFixture(settings);
            fixture.store.duringRead = this::interrupt;
        }

        void step() {
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3 -> commit();
                case 4 -> open();
                case 5, 6 -> withClient(this::create);
                case 7 -> withClient(this::cancel);
                case 8 -> withClient(client -> client.sink.stream.requestProgress());
                case 9, 10 -> withClient(client -> client.drain(random.nextInt(4)));
                case 11, 12, 13 -> work();
                case 14 -> fixture.store.show();
                default -> seldom();
            }
        }

        void settle() {
            fixture.store.duringRead = () -> {};
            if (restoring) {
                restored();
            }
            fixture.store.holdBack(false);
            fixture.store.show();
            for (int i = 0; i < 20_000 && (i < 50 || fixture.hub.slowWatcherCount() > 0); i++) {
                clients.forEach(client -> client.drain(1000));
                fixture.nanos += 10_000_000;
                fixture.hub.doWork();
            }
            fixture.work();
            clients.forEach(client -> client.drain(1000));
            assertThat(fixture.hub.slowWatcherCount()).isZero();
            assertThat(fixture.hub.counts().pendingEvents()).isZero();
            clients.forEach(client -> client.checker.end());
            assertThat(fixture.hub.counts().streams()).isEqualTo(clients.size());
            clients.forEach(client -> client.sink.stream.close());
            assertThat(fixture.hub.counts().watchers()).isZero();
        }

        private void interrupt() {
            if (random.nextInt(6) == 0) {
                boolean outer = reading;
                reading = true;
                step();
                reading = outer;
            }
        }

        private void work() {
            fixture.nanos += random.nextInt(4) * 4_000_000L;
            if (!reading) {
                fixture.hub.doWork();
            }
        }

        private void seldom() {
            switch (random.nextInt(6)) {
                case 0 -> {
                    long visible = fixture.store.currentRevision();
                    long compacted = Math.max(0, fixture.store.compactedRevision());
                    if (visible > compacted && !restoring) {
                        long by = 1 + random.nextLong(Math.min(visible - compacted, 10));
                        compactTo(compacted + by);
                    }
                }
                case 1 -> {
                    if (!clients.isEmpty()) {
                        clients.remove(random.nextInt(clients.size()))
                                .sink
                                .stream
                                .close();
                    }
                }
                case 2, 3 -> {
                    if (restoring) {
                        restored();
                    } else {
                        restoring = true;
                        fixture.hub.restoring();
                    }
                }
                default -> fixture.store.holdBack(random.nextBoolean());
            }
        }

        private void compactTo(long revision) {
            boolean lagging = fixture.store.currentRevision() < fixture.store.newest();
            if (!lagging) {
                fixture.store.compact(revision);
            }
        }

        private void restored() {
            for (int i = random.nextInt(4); i > 0; i--) {
                fixture.store.change(changes());
            }
            fixture.store.show();
            restoring = false;
            fixture.hub.restored();
        }

        private void commit() {
            Map<String, @Nullable String> changes = changes();
            changes.entrySet().removeIf(change -> change.getValue() == null && !fixture.store.exists(change.getKey()));
            if (!changes.isEmpty() && !restoring) {
                fixture.store.commit(changes);
            }
        }

        private Map<String, @Nullable String> changes() {
            Map<String, @Nullable String> changes = new LinkedHashMap<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                changes.put(randomKey(), random.nextInt(3) == 0 ? null : "v" + random.nextInt(1000));
            }
            return changes;
        }

        private void open() {
            if (clients.size() < 5) {
                clients.add(new Client(fixture, settings));
            }
        }

        private void create(Client client) {
            long start = switch (random.nextInt(6)) {
                case 0, 1 -> 0;
                case 2 -> random.nextInt(40) == 0 ? -1 : fixture.store.newest() + random.nextInt(5);
                default -> 1 + random.nextLong(fixture.store.newest());
            };
            WatchSpec spec = WatchSpec.builder()
                    .range(randomRange())
                    .startRevision(start)
                    .requestedId(random.nextInt(4) == 0 ? random.nextInt(6) : 0)
                    .progressNotify(random.nextBoolean())
                    .previousRecord(random.nextInt(3) == 0)
                    .noPut(random.nextInt(6) == 0)
                    .noDelete(random.nextInt(6) == 0)
                    .fragment(random.nextInt(3) == 0)
                    .build();
            client.create(spec);
        }

        private void cancel(Client client) {
            List<Long> ids = client.checker.ids();
            if (!ids.isEmpty() && random.nextInt(5) > 0) {
                client.cancel(ids.get(random.nextInt(ids.size())));
            } else {
                client.cancel(99);
            }
        }

        private void withClient(Consumer<Client> action) {
            if (!clients.isEmpty()) {
                action.accept(clients.get(random.nextInt(clients.size())));
            }
        }

        private KeyRange randomRange() {
            Bytes start = Bytes.utf8(randomKey());
            return switch (random.nextInt(4)) {
                case 0 -> KeyRange.ALL;
                case 1 -> new KeyRange(start, Bytes.utf8(randomKey()));
                case 2 -> new KeyRange(start, null);
                default -> KeyRange.single(start);
            };
        }

        private String randomKey() {
            return String.valueOf((char) ('a' + random.nextInt(6)));
        }
    }

    private static final class Client {

        private final TestSink sink;
        private final StreamChecker checker;

        Client(WatchFixture fixture, WatchSettings settings) {
            sink = fixture.open();
            sink.drainsItself = false;
            sink.room = 0;
            checker = new StreamChecker(fixture.store, settings);
        }

        void create(WatchSpec spec) {
            boolean refused = spec.range().isEmpty()
                    || spec.startRevision() < 0
                    || (spec.requestedId() != 0 && checker.usesId(spec.requestedId()));
            long id = sink.stream.create(spec);
            assertThat(id == -1).isEqualTo(refused);
            if (!refused) {
                assertThat(checker.usesId(id)).isFalse();
                if (spec.requestedId() != 0) {
                    assertThat(id).isEqualTo(spec.requestedId());
                }
            }
            checker.creating(spec, id);
        }

        void cancel(long id) {
            boolean known = checker.usesId(id);
            assertThat(sink.stream.cancel(id)).isEqualTo(known);
            if (known) {
                checker.cancelling(id);
            }
        }

        void drain(int room) {
            sink.room = room;
            sink.stream.drain();
            sink.take().forEach(checker::receive);
        }
    }
}
