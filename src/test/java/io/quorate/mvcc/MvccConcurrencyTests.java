package io.quorate.mvcc;

import static io.quorate.mvcc.StoreFixture.key;
import static io.quorate.mvcc.StoreFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.KeyRange;
import io.quorate.mvcc.HistoryReader.HistoryPage;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.proto.mvccpb.KeyValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers of all kinds beside a writer and a compaction; every transaction leaves the same value in all of its keys. */
class MvccConcurrencyTests {

    private static final int KEYS = 40;
    private static final int ROUNDS = 150;

    @TempDir
    private Path directory;

    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void readersWhenWriterIsBusySeeWholeRevisionsOnly() {
        try (StoreFixture fixture = new StoreFixture(directory, StoreFixture.tinyBatches())) {
            write(fixture, 0);
            List<CompletableFuture<Void>> readers = new ArrayList<>();
            readers.add(start(() -> rangeOfPresent(fixture.store)));
            readers.add(start(() -> rangeOfPast(fixture.store)));
            readers.add(start(() -> view(fixture.store)));
            readers.add(start(() -> history(fixture.store)));
            readers.add(start(fixture.store.compaction()::step));
            try {
                for (int round = 1; round < ROUNDS; round++) {
                    write(fixture, round);
                    if (round % 20 == 19) {
                        fixture.schedule(fixture.store.currentRevision() - 10);
                    }
                }
            } finally {
                over.set(true);
            }
            readers.forEach(CompletableFuture::join);
            fixture.compactFully();
            assertThat(fixture.range(KeyRange.ALL).count()).isEqualTo(KEYS);
        }
    }

    private static void write(StoreFixture fixture, int round) {
        fixture.batch(batch -> {
            for (int entry = 0; entry < 2; entry++) {
                WriteTxn txn = batch.begin();
                String value = "round " + round + " entry " + entry;
                txn.deleteRange(KeyRange.prefix(key("even")), false);
                for (int i = 0; i < KEYS; i++) {
                    txn.put(key((i % 2 == 0 ? "even" : "odd") + i), value(value), 0, false);
                }
                txn.end();
            }
            return batch;
        });
    }

    private static void rangeOfPresent(MvccStore store) {
        checkWhole(store.range(RangeQuery.of(KeyRange.ALL)));
    }

    private static void rangeOfPast(MvccStore store) {
        long revision = Math.max(2, store.currentRevision() - 5);
        try {
            checkWhole(store.range(
                    RangeQuery.builder(KeyRange.ALL).revision(revision).build()));
        } catch (CompactedException overtaken) {
            assertThat(overtaken.compactedRevision()).isGreaterThan(revision);
        }
    }

    private static void view(MvccStore store) {
        try (ReadView view = store.read()) {
            KeyValue one = Objects.requireNonNull(view.get(key("odd1")));
            KeyValue other = Objects.requireNonNull(view.get(key("even0")));
            assertThat(one.getModRevision()).isEqualTo(view.revision());
            assertThat(other.getValue()).isEqualTo(one.getValue());
        }
    }

    private static void history(MvccStore store) {
        long from = Math.max(2, store.currentRevision() - 5);
        try {
            HistoryPage page = store.history().read(from, Long.MAX_VALUE, 3);
            assertThat(page.revisions()).hasSizeBetween(1, 3);
            page.revisions().forEach(revision -> assertThat(revision.events()).hasSizeBetween(KEYS, KEYS + KEYS / 2));
            assertThat(page.revisions().getFirst().revision()).isEqualTo(from);
            KeyValue previous = store.history().recordAt(key("odd1"), from);
            assertThat(previous == null || previous.getModRevision() == from).isTrue();
        } catch (CompactedException overtaken) {
            assertThat(overtaken.compactedRevision()).isGreaterThan(from);
        }
    }

    private static void checkWhole(RangeResult result) {
        assertThat(result.kvs()).hasSize(KEYS);
        assertThat(result.count()).isEqualTo(KEYS);
        assertThat(result.kvs().stream().map(KeyValue::getValue).distinct()).hasSize(1);
    }

    private CompletableFuture<Void> start(Runnable read) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (!over.get()) {
                    read.run();
                }
                done.complete(null);
            } catch (Throwable problem) {
                done.completeExceptionally(problem);
            }
        });
        return done;
    }
}
