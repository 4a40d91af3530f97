package io.quorate.mvcc;

import static io.quorate.mvcc.StoreFixture.key;
import static io.quorate.mvcc.StoreFixture.record;
import static io.quorate.mvcc.StoreFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.KeyRange;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.MvccException.FutureRevisionException;
import io.quorate.storage.Cursor;
import io.quorate.storage.Family;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompactionTests {

    private StoreFixture fixture;

    @BeforeEach
    void open(@TempDir Path directory) {
        fixture = new StoreFixture(directory, StoreFixture.tinyBatches());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void compactWhenStoreIsFreshTakesZeroOnce() {
        fixture.schedule(0);

        assertThat(fixture.store.compactedRevision()).isZero();
        assertThatThrownBy(() -> fixture.schedule(0)).isInstanceOf(CompactedException.class);
        assertThat(fixture.store.currentRevision()).isEqualTo(1);
    }

    @Test
    void compactWhenRevisionIsNegativeIsCompactedAlready() {
        assertThatThrownBy(() -> fixture.schedule(-1)).isInstanceOf(CompactedException.class);
    }

    @Test
    void compactWhenRevisionIsInTheFutureIsRefused() {
        assertThatThrownBy(() -> fixture.schedule(2)).isInstanceOf(FutureRevisionException.class);
    }

    @Test
    void compactWhenRevisionIsThatOfAnEarlierEntryOfTheBatchSucceeds() {
        fixture.batch(batch -> {
            WriteTxn first = batch.begin();
            first.put(key("a"), value("1"), 0, false);
            first.end();
            batch.compact(2);
            WriteTxn second = batch.begin();
            RangeQuery query = RangeQuery.builder(KeyRange.ALL).revision(1).build();
            assertThatThrownBy(() -> second.range(query)).isInstanceOf(CompactedException.class);
            assertThat(second.compactedRevision()).isEqualTo(2);
            second.end();
            return batch;
        });

        assertThat(fixture.store.compactedRevision()).isEqualTo(2);
    }

    @Test
    void compactWhenAppliedTakesEffectBeforeTheRemoval() {
        fixture.put("a", "1");
        fixture.put("a", "2");

        fixture.schedule(3);

        assertThatThrownBy(() -> fixture.at("a", 2)).isInstanceOf(CompactedException.class);
        assertThat(fixture.store.compaction().isIdle()).isFalse();
        assertThat(history()).hasSize(2);
    }

    /** The example in the class comment: put at 2, put at 5, deleted at 7; other keys fill the revisions between. */
    @ParameterizedTest
    @CsvSource({"1, 2 5 7", "2, 2 5 7", "4, 2 5 7", "5, 5 7", "6, 5 7", "7, 7", "8, ''"})
    void compactWhenKeyHasSeveralVersionsKeepsWhatLaterReadsNeed(long revision, String kept) {
        fixture.put("k", "1");
        fixture.put("x", "1");
        fixture.put("x", "2");
        fixture.put("k", "2");
        fixture.put("x", "3");
        fixture.delete("k");
        fixture.put("x", "4");

        fixture.compact(revision);

        assertThat(String.join(" ", versionsOf("k"))).isEqualTo(kept);
        assertThat(fixture.store.compaction().finishedRevision()).isEqualTo(revision);
        assertThat(fixture.get("x")).isEqualTo(record("x", "4", 3, 8, 4, 0));
    }

    @Test
    void compactWhenTombstoneStoodAtTheLastOneRemovesIt() {
        fixture.put("k", "1");
        fixture.delete("k");
        fixture.put("x", "1");
        fixture.compact(3);
        assertThat(versionsOf("k")).containsExactly("3");

        fixture.compact(4);

        assertThat(versionsOf("k")).isEmpty();
    }

    @Test
    void compactWhenRemovalIsHalfDoneNeverRevivesADeletedKey() {
        for (int i = 0; i < 10; i++) {
            fixture.put("k", "v" + i);
        }
        fixture.delete("k");
        long revision = fixture.put("x", "1");
        fixture.schedule(revision);
        RangeQuery query = RangeQuery.builder(KeyRange.ALL).revision(revision).build();
        fixture.put("x", "2");

        int steps = 0;
        do {
            assertThat(StoreFixture.keys(fixture.store.range(query))).containsExactly("x");
            assertThat(fixture.store.history().recordAt(key("k"), revision)).isNull();
            steps++;
        } while (fixture.store.compaction().step() > 0);

        assertThat(steps).isGreaterThan(3);
        assertThat(versionsOf("k")).isEmpty();
    }

    @Test
    void workWhenPauseIsNotOverDoesNothing() {
        fixture.put("a", "1");
        fixture.put("a", "2");
        fixture.put("b", "1");
        fixture.schedule(2);
        Compaction compaction = fixture.store.compaction();
        assertThat(compaction.doWork()).isPositive();
        fixture.schedule(4);

        assertThat(compaction.doWork()).isZero();
        fixture.nanos += fixture.options.compactionPause().toNanos();
        assertThat(compaction.doWork()).isPositive();
        assertThat(compaction.finishedRevision()).isEqualTo(4);
    }

    @Test
    void workWhenPausedWaitsForResume() {
        AtomicInteger wakeUps = new AtomicInteger();
        Compaction compaction = fixture.store.compaction();
        compaction.onWork(wakeUps::incrementAndGet);
        fixture.put("a", "1");
        compaction.pause();
        fixture.schedule(2);

        assertThat(compaction.step()).isZero();
        compaction.resume();
        assertThat(compaction.step()).isPositive();
        assertThat(wakeUps).hasValue(2);
    }

    @Test
    void finishedWhenWaitedForCompletesAfterTheRemoval() {
        fixture.put("a", "1");
        fixture.put("a", "2");
        fixture.schedule(3);
        Compaction compaction = fixture.store.compaction();
        CompletableFuture<Void> finished = compaction.whenFinished(3).toCompletableFuture();
        CompletableFuture<Void> idle = compaction.whenIdle().toCompletableFuture();
        assertThat(finished).isNotDone();
        assertThat(idle).isNotDone();

        fixture.compactFully();

        assertThat(finished).isCompleted();
        assertThat(idle).isCompleted();
        assertThat(compaction.whenFinished(3).toCompletableFuture()).isCompleted();
        assertThat(history()).containsExactly(new Revision(3, 0));
    }

    @Test
    void compactWhenAnotherOneRunsIsServedByAWalkOfItsOwn() {
        for (int i = 0; i < 20; i++) {
            fixture.put("a", "v" + i);
        }
        fixture.schedule(10);
        fixture.store.compaction().step();
        fixture.schedule(15);
        fixture.schedule(20);

        fixture.compactFully();

        assertThat(history()).containsExactly(new Revision(20, 0), new Revision(21, 0));
        assertThat(fixture.store.compaction().finishedRevision()).isEqualTo(20);
    }

    @Test
    void restartWhenRemovalIsHalfDoneGoesOn() {
        for (int i = 0; i < 20; i++) {
            fixture.put("a", "v" + i);
        }
        fixture.schedule(20);
        fixture.store.compaction().step();
        assertThat(history()).hasSizeBetween(3, 19);

        fixture.restart();

        assertThat(fixture.store.compactedRevision()).isEqualTo(20);
        assertThat(fixture.store.compaction().isIdle()).isFalse();
        fixture.compactFully();
        assertThat(history()).containsExactly(new Revision(20, 0), new Revision(21, 0));
    }

    @Test
    void restartWhenCompactedRevisionIsAboveAllRecordsDoesNotGoBack() {
        fixture.put("a", "1");
        fixture.delete("a");
        fixture.compact(3);
        fixture.put("b", "1");
        fixture.delete("b");
        fixture.compact(5);
        fixture.restart();
        assertThat(fixture.store.currentRevision()).isEqualTo(5);

        assertThat(fixture.put("c", "1")).isEqualTo(6);
    }

    @Test
    void compactWhenItRunsTellsWhatEachBatchRemovedAndHowLongAllTook() {
        for (int i = 0; i < 8; i++) {
            fixture.put("a", "v" + i);
        }
        fixture.schedule(9);
        fixture.compactFully();

        assertThat(fixture.removals).containsExactly(3, 3, 1);
        assertThat(fixture.steps).containsExactly(0L, 0L, 0L);
        assertThat(fixture.compactions)
                .containsExactly(2 * fixture.options.compactionPause().toNanos());
    }

    /** Walking over the whole history again at every start would cost minutes. */
    @Test
    void restartWhenRemovalHasEndedHasNothingToDo() {
        fixture.put("a", "1");
        fixture.put("a", "2");
        fixture.compact(3);
        assertThat(fixture.store.compaction().isIdle()).isTrue();

        fixture.restart();

        Compaction compaction = fixture.store.compaction();
        assertThat(compaction.isIdle()).isTrue();
        assertThat(compaction.finishedRevision()).isEqualTo(3);
        assertThat(compaction.step()).isZero();
        assertThat(compaction.whenFinished(3).toCompletableFuture()).isCompleted();
    }

    @Test
    void idleWhenAnotherOneWasAppliedWaitsForThat() {
        fixture.put("a", "1");
        fixture.put("a", "2");
        fixture.compact(2);
        Compaction compaction = fixture.store.compaction();
        assertThat(compaction.whenIdle().toCompletableFuture()).isCompleted();
        fixture.schedule(3);
        assertThat(compaction.scheduledRevision()).isEqualTo(3);

        CompletableFuture<Void> idle = compaction.whenIdle().toCompletableFuture();
        assertThat(idle).isNotDone();
        fixture.compactFully();
        assertThat(idle).isCompleted();
    }

    @Test
    void finishedWhenItIsAboutALaterOneGoesOnWaiting() {
        fixture.put("a", "1");
        fixture.put("a", "2");
        Compaction compaction = fixture.store.compaction();
        CompletableFuture<Void> first = compaction.whenFinished(2).toCompletableFuture();
        CompletableFuture<Void> second = compaction.whenFinished(3).toCompletableFuture();
        fixture.compact(2);
        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        fixture.compact(3);
        assertThat(second).isCompleted();
    }

    private List<Revision> history() {
        List<Revision> revisions = new ArrayList<>();
        try (Cursor cursor = fixture.database.cursor(Family.HISTORY, null, null)) {
            for (; cursor.isValid(); cursor.next()) {
                revisions.add(Revision.parse(cursor.key()));
            }
        }
        return revisions;
    }

    private List<String> versionsOf(String key) {
        List<String> revisions = new ArrayList<>();
        byte[] escaped = VersionKey.escape(key(key));
        try (Cursor cursor = fixture.database.cursor(Family.VERSIONS, escaped, VersionKey.behind(escaped))) {
            for (; cursor.isValid(); cursor.next()) {
                revisions.addFirst(Long.toString(VersionKey.mainOf(cursor.key())));
            }
        }
        return revisions;
    }
}
