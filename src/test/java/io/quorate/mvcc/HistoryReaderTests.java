package io.quorate.mvcc;

import static io.quorate.mvcc.StoreFixture.key;
import static io.quorate.mvcc.StoreFixture.record;
import static io.quorate.mvcc.StoreFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.KeyRange;
import io.quorate.mvcc.HistoryReader.HistoryPage;
import io.quorate.mvcc.HistoryReader.RevisionEvents;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.storage.WriteSet;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryReaderTests {

    private StoreFixture fixture;
    private HistoryReader history;

    @BeforeEach
    void open(@TempDir Path directory) {
        fixture = new StoreFixture(directory);
        history = fixture.store.history();
        fixture.put("a", "1");
        fixture.apply(txn -> {
            txn.put(key("b"), value("1"), 0, false);
            txn.put(key("c"), value("1"), 0, false);
        });
        fixture.put("a", "2");
        fixture.apply(txn -> txn.deleteRange(KeyRange.ALL, false));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void readWhenRangeIsWideGivesAllEventsAsTheyWereCommitted() {
        HistoryPage page = history.read(1, 100, 1000);

        assertThat(page.revisions())
                .isEqualTo(fixture.committed.entrySet().stream()
                        .map(entry -> new RevisionEvents(entry.getKey(), entry.getValue()))
                        .toList());
        assertThat(page.next()).isEqualTo(6);
    }

    private static List<String> told(HistoryReader.KeyChanges changes) {
        return changes.changes().stream()
                .map(change -> change.getKv().getModRevision()
                        + change.getType().name()
                        + change.getKv().getValue().toStringUtf8())
                .toList();
    }

    @Test
    void changesWhenAKeyWasDeletedAreToldNewestFirst() {
        fixture.put("a", "3");
        assertThat(told(history.changes(key("a"), Long.MAX_VALUE, 10, KeyReader.RecordMeter.NONE)))
                .containsExactly("6PUT3", "5DELETE", "4PUT2", "2PUT1");
        HistoryReader.KeyChanges page = history.changes(key("a"), 6, 2, KeyReader.RecordMeter.NONE);
        assertThat(told(page)).containsExactly("5DELETE", "4PUT2");
        assertThat(page.more()).isTrue();
        assertThat(history.changes(key("a"), 4, 2, KeyReader.RecordMeter.NONE).more())
                .isFalse();
        assertThat(told(history.changes(key("none"), 9, 2, KeyReader.RecordMeter.NONE)))
                .isEmpty();
    }

    @Test
    void changesWhenOneRevisionHasSeveralStayTogether() {
        fixture.apply(txn -> {
            txn.put(key("d"), value("1"), 0, false);
            txn.deleteRange(KeyRange.single(key("d")), false);
            txn.put(key("d"), value("2"), 0, false);
        });
        assertThat(told(history.changes(key("d"), Long.MAX_VALUE, 1, KeyReader.RecordMeter.NONE)))
                .containsExactly("6PUT2", "6DELETE", "6PUT1");
    }

    @Test
    void readWhenPageIsFullEndsWithAWholeRevision() {
        HistoryPage page = history.read(2, 5, 2);

        assertThat(page.revisions()).extracting(RevisionEvents::revision).containsExactly(2L, 3L);
        assertThat(page.revisions().getLast().events()).hasSize(2);
        assertThat(page.next()).isEqualTo(4);
    }

    @Test
    void readWhenBytesAreUsedUpEndsWithAWholeRevision() {
        HistoryPage page = history.read(3, 5, 100, 1);

        assertThat(page.revisions()).extracting(RevisionEvents::revision).containsExactly(3L);
        assertThat(page.next()).isEqualTo(4);
    }

    @Test
    void readWhenLastIsGivenStopsThere() {
        HistoryPage page = history.read(3, 4, 100);

        assertThat(page.revisions()).extracting(RevisionEvents::revision).containsExactly(3L, 4L);
        assertThat(page.next()).isEqualTo(5);
    }

    @Test
    void readWhenNothingHappenedYetIsEmpty() {
        assertThat(history.read(6, 100, 10)).isEqualTo(new HistoryPage(List.of(), 6));
        assertThat(history.read(9, 100, 10)).isEqualTo(new HistoryPage(List.of(), 9));
    }

    @Test
    void readWhenCompactedIsRefusedBelowTheCompactedRevision() {
        fixture.schedule(4);

        assertThatThrownBy(() -> history.read(3, 5, 10)).isInstanceOf(CompactedException.class);
        assertThatThrownBy(() -> history.read(3, 2, 10)).isInstanceOf(CompactedException.class);
        assertThat(history.read(4, 5, 10).revisions()).hasSize(2);
    }

    @Test
    void readWhenBatchIsWrittenButNotPublishedDoesNotShowIt() {
        try (WriteSet set = fixture.database.newWriteSet()) {
            WriteBatch batch = fixture.store.beginBatch(set);
            WriteTxn txn = batch.begin();
            txn.put(key("z"), value("1"), 0, false);
            txn.end();
            fixture.database.write(set);

            assertThat(history.read(5, 100, 10).revisions()).hasSize(1);
            batch.publish();
        }
        assertThat(history.read(5, 100, 10).revisions()).hasSize(2);
    }

    @Test
    void recordWhenKeyLivedThenIsFound() {
        assertThat(history.recordAt(key("a"), 1)).isNull();
        assertThat(history.recordAt(key("a"), 3)).isEqualTo(record("a", "1", 2, 2, 1, 0));
        assertThat(history.recordAt(key("a"), 4)).isEqualTo(record("a", "2", 2, 4, 2, 0));
        assertThat(history.recordAt(key("a"), 5)).isNull();
        assertThat(history.recordAt(key("unknown"), 5)).isNull();
    }

    @Test
    void recordWhenRevisionIsCompactedIsUnknown() {
        fixture.schedule(4);

        assertThat(history.recordAt(key("a"), 3)).isNull();
        assertThat(history.recordAt(key("a"), 4)).isEqualTo(record("a", "2", 2, 4, 2, 0));
    }
}
