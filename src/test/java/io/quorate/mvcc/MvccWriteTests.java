package io.quorate.mvcc;

import static io.quorate.mvcc.StoreFixture.key;
import static io.quorate.mvcc.StoreFixture.record;
import static io.quorate.mvcc.StoreFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import io.quorate.base.KeyRange;
import io.quorate.mvcc.MvccException.FutureRevisionException;
import io.quorate.mvcc.MvccStore.LeaseAttachments;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.mvcc.WriteTxn.DeleteResult;
import io.quorate.proto.mvccpb.Event;
import io.quorate.storage.Cursor;
import io.quorate.storage.Family;
import io.quorate.storage.WriteSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Puts, deletions, transactions, revisions, leases: sections "Put / Delete", "Txn" and "Revisions" of docs/etcd-v3.md. */
class MvccWriteTests {

    private StoreFixture fixture;

    @BeforeEach
    void open(@TempDir Path directory) {
        fixture = new StoreFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void storeWhenNewStartsAtRevisionOneWithNothingCompacted() {
        assertThat(fixture.store.currentRevision()).isEqualTo(1);
        assertThat(fixture.store.compactedRevision()).isEqualTo(-1);
        assertThat(fixture.range(KeyRange.ALL)).isEqualTo(new RangeResult(RecordList.EMPTY, 0, false, 1));
    }

    @Test
    void putWhenNothingIsDifferentStillMakesARevision() {
        assertThat(fixture.put("a", "same")).isEqualTo(2);
        assertThat(fixture.put("a", "same")).isEqualTo(3);

        assertThat(fixture.get("a")).isEqualTo(record("a", "same", 2, 3, 2, 0));
    }

    @Test
    void putWhenKeyWasDeletedStartsANewLife() {
        fixture.put("a", "1");
        fixture.put("a", "2");
        fixture.delete("a");
        fixture.put("a", "3");

        assertThat(fixture.get("a")).isEqualTo(record("a", "3", 5, 5, 1, 0));
        assertThat(fixture.at("a", 3)).isEqualTo(record("a", "2", 2, 3, 2, 0));
        assertThat(fixture.at("a", 4)).isNull();
    }

    @Test
    void putWhenValueIsEmptyKeepsTheKey() {
        fixture.put("a", "");

        assertThat(fixture.get("a")).isEqualTo(record("a", "", 2, 2, 1, 0));
    }

    @Test
    void putWhenPreviousIsWantedReturnsTheWholeRecord() {
        fixture.put("a", "old", 7);

        fixture.apply(txn -> {
            assertThat(txn.put(key("a"), value("new"), 0, true).previous()).isEqualTo(record("a", "old", 2, 2, 1, 7));
            assertThat(txn.put(key("b"), value("new"), 0, true).previous()).isNull();
        });
    }

    @Test
    void deleteWhenNothingMatchesKeepsTheRevision() {
        fixture.put("a", "1");

        assertThat(fixture.delete("b")).isEqualTo(2);
        assertThat(fixture.store.currentRevision()).isEqualTo(2);
        assertThat(fixture.committed).containsOnlyKeys(2L);
    }

    @Test
    void deleteWhenSeveralKeysMatchIsOneRevisionWithEventsInKeyOrder() {
        fixture.put("c", "3");
        fixture.put("a", "1", 9);
        fixture.put("b", "2");

        long revision = fixture.apply(txn -> {
            DeleteResult result = txn.deleteRange(StoreFixture.between("a", "c"), true);
            assertThat(result.deleted()).isEqualTo(2);
            assertThat(result.previous()).containsExactly(record("a", "1", 3, 3, 1, 9), record("b", "2", 4, 4, 1, 0));
        });

        assertThat(revision).isEqualTo(5);
        assertThat(fixture.committed.get(5L)).containsExactly(deletion("a", 5), deletion("b", 5));
        assertThat(fixture.attached).isEmpty();
        assertThat(StoreFixture.keys(fixture.range(KeyRange.ALL))).containsExactly("c");
    }

    @Test
    void deleteWhenStoredLeavesATombstoneWithTheKeyAlone() {
        fixture.put("a", "1");
        fixture.delete("a");

        byte[] stored = Objects.requireNonNull(fixture.database.get(Family.HISTORY, new Revision(3, 0).tombstoneKey()));

        assertThat(Records.parse(stored)).isEqualTo(record("a", "", 0, 0, 0, 0));
        assertThat(fixture.database.get(Family.CURRENT, key("a").unwrap())).isNull();
    }

    @Test
    void txnWhenItWritesSeveralTimesMakesOneRevisionWithSubNumbers() {
        long revision = fixture.apply(txn -> {
            assertThat(txn.revision()).isEqualTo(1);
            txn.put(key("a"), value("1"), 0, false);
            assertThat(txn.revision()).isEqualTo(2);
            txn.put(key("b"), value("2"), 0, false);
            txn.deleteRange(KeyRange.single(key("a")), false);
        });

        assertThat(revision).isEqualTo(2);
        assertThat(fixture.committed.get(2L)).hasSize(3);
        List<Revision> stored = new ArrayList<>();
        try (Cursor cursor = fixture.database.cursor(Family.HISTORY, null, null)) {
            for (; cursor.isValid(); cursor.next()) {
                stored.add(Revision.parse(cursor.key()));
            }
        }
        assertThat(stored).containsExactly(new Revision(2, 0), new Revision(2, 1), new Revision(2, 2));
    }

    @Test
    void txnWhenItReadsAfterAWriteSeesTheWrite() {
        fixture.put("a", "old");
        fixture.put("b", "old");

        fixture.apply(txn -> {
            assertThat(txn.range(RangeQuery.of(KeyRange.ALL)).revision()).isEqualTo(3);
            txn.put(key("c"), value("new"), 0, false);
            txn.deleteRange(KeyRange.single(key("a")), false);
            RangeResult result = txn.range(RangeQuery.of(KeyRange.ALL));
            assertThat(result.kvs()).containsExactly(record("b", "old", 3, 3, 1, 0), record("c", "new", 4, 4, 1, 0));
            assertThat(result.count()).isEqualTo(2);
            assertThat(result.revision()).isEqualTo(4);
            assertThat(txn.get(key("a"))).isNull();
        });
    }

    @Test
    void txnWhenItNamesARevisionSeesThatOne() {
        fixture.put("a", "old");

        fixture.apply(txn -> {
            txn.put(key("a"), value("new"), 0, false);
            RangeQuery query = RangeQuery.builder(KeyRange.ALL).revision(2).build();
            assertThat(txn.range(query).kvs()).containsExactly(record("a", "old", 2, 2, 1, 0));
            RangeQuery future = query.toBuilder().revision(4).build();
            assertThatThrownBy(() -> txn.range(future)).isInstanceOf(FutureRevisionException.class);
        });
    }

    @Test
    void txnWhenEarlierEntryOfTheBatchWroteSeesIt() {
        fixture.put("a", "1");

        fixture.batch(batch -> {
            WriteTxn first = batch.begin();
            first.put(key("a"), value("2"), 0, false);
            first.end();
            WriteTxn second = batch.begin();
            assertThat(second.get(key("a"))).isEqualTo(record("a", "2", 2, 3, 2, 0));
            assertThat(second.put(key("a"), value("3"), 0, true).previous()).isEqualTo(record("a", "2", 2, 3, 2, 0));
            assertThat(second.end()).isEqualTo(4);
            return batch;
        });

        assertThat(fixture.store.currentRevision()).isEqualTo(4);
        assertThat(fixture.at("a", 3)).isEqualTo(record("a", "2", 2, 3, 2, 0));
        assertThat(fixture.committed).containsOnlyKeys(2L, 3L, 4L);
    }

    @Test
    void txnWhenNothingChangesMakesNoRevision() {
        assertThat(fixture.apply(txn -> txn.range(RangeQuery.of(KeyRange.ALL)))).isEqualTo(1);
        assertThat(fixture.committed).isEmpty();
    }

    @Test
    void leaseWhenPutNamesAnotherMovesTheKey() {
        fixture.put("a", "1", 5);
        assertThat(fixture.attached).containsOnlyKeys(5L);
        fixture.put("a", "1", 5);
        assertThat(fixture.attached).containsOnlyKeys(5L);
        fixture.put("a", "1", 6);
        assertThat(fixture.attached).containsOnlyKeys(6L);
        fixture.put("a", "1", 0);
        assertThat(fixture.attached).isEmpty();
    }

    @Test
    void restartWhenStateWasWrittenIsTheSame() {
        fixture.put("a", "1", 5);
        fixture.put("b", "1");
        fixture.put("a", "2", -6);
        fixture.delete("b");
        RangeResult before = fixture.range(KeyRange.ALL);

        fixture.restart();

        assertThat(fixture.range(KeyRange.ALL)).isEqualTo(before);
        assertThat(fixture.store.currentRevision()).isEqualTo(5);
        assertThat(fixture.attached.keySet()).isEqualTo(Set.of(-6L));
        assertThat(fixture.at("b", 4)).isEqualTo(record("b", "1", 3, 3, 1, 0));
    }

    @Test
    void restartWhenNewestChangeIsATombstoneKeepsItsRevision() {
        fixture.put("a", "1");
        fixture.delete("a");

        fixture.restart();

        assertThat(fixture.store.currentRevision()).isEqualTo(3);
    }

    @Test
    void observerWhenRevisionIsCommittedCannotYetSeeIt() {
        List<Long> seen = new ArrayList<>();
        fixture.observer = (revision, events) -> seen.add(fixture.store.currentRevision());

        fixture.put("a", "1");

        assertThat(seen).containsExactly(1L);
        assertThat(fixture.store.currentRevision()).isEqualTo(2);
    }

    @Test
    void batchWhenAbandonedMakesTheStoreUnusable() {
        try (WriteSet set = fixture.database.newWriteSet()) {
            WriteBatch batch = fixture.store.beginBatch(set);
            batch.begin().put(key("a"), value("1"), 0, false);
            batch.abandon();
            batch.abandon();
        }

        assertThatThrownBy(() -> fixture.range(KeyRange.ALL)).isInstanceOf(Fault.class);
        assertThatThrownBy(() -> fixture.put("a", "1")).isInstanceOf(Fault.class);
    }

    @Test
    void publishWhenObserverFailsMakesTheStoreUnusable() {
        fixture.observer = (revision, events) -> {
            throw new IllegalStateException("observer");
        };

        assertThatThrownBy(() -> fixture.put("a", "1")).hasMessage("observer");
        assertThatThrownBy(() -> fixture.store.read()).isInstanceOf(Fault.class);
    }

    @Test
    void putWhenALeaseCannotBeAttachedIsFatal() {
        LeaseAttachments refusing = new LeaseAttachments() {
            @Override
            public void attach(long lease, Bytes key) {
                throw new IllegalStateException("unknown lease");
            }

            @Override
            public void detach(long lease, Bytes key) {
                throw new IllegalStateException("unknown lease");
            }
        };
        MvccStore store = new MvccStore(fixture.database, refusing);
        store.connect(CommitObserver.NONE, Compaction.Observer.NONE);
        try (WriteSet set = fixture.database.newWriteSet()) {
            WriteBatch batch = store.beginBatch(set);
            WriteTxn txn = batch.begin();
            assertThatThrownBy(() -> txn.put(key("a"), value("1"), 9, false)).isInstanceOf(Fault.class);
            batch.abandon();
        }
    }

    @Test
    void beginWhenTransactionIsOpenIsFatal() {
        fixture.batch(batch -> {
            WriteTxn open = batch.begin();
            assertThatThrownBy(batch::begin).isInstanceOf(Fault.class);
            open.end();
            assertThatThrownBy(open::end).isInstanceOf(Fault.class);
            return batch;
        });
    }

    private static Event deletion(String key, long revision) {
        return Event.newBuilder()
                .setType(Event.EventType.DELETE)
                .setKv(record(key, "", 0, revision, 0, 0))
                .build();
    }
}
