package io.quorate.mvcc;

import static io.quorate.mvcc.StoreFixture.key;
import static io.quorate.mvcc.StoreFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Fault;
import io.quorate.base.KeyRange;
import io.quorate.fixture.MeterReader;
import io.quorate.fixture.Steps;
import io.quorate.storage.Family;
import io.quorate.storage.WriteSet;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store refuses, and that no lock is left behind by what fails. */
class StoreGuardTests {

    private StoreFixture fixture;

    @BeforeEach
    void open(@TempDir Path directory) {
        fixture = new StoreFixture(directory);
        fixture.put("a", "1");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Lets another thread try, which would wait for ever for a lock that this one has kept. */
    private static void elsewhere(ThrowingCallable call) {
        CompletableFuture<Void> done = CompletableFuture.runAsync(() -> {
            try {
                call.call();
            } catch (Throwable problem) {
                throw new AssertionError(problem);
            }
        });
        Steps.until(done::isDone);
        done.join();
    }

    private void breakStore() {
        try (WriteSet set = fixture.database.newWriteSet()) {
            WriteBatch batch = fixture.store.beginBatch(set);
            batch.abandon();
            batch.abandon();
        }
    }

    private void assertBroken(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(Fault.class).hasMessageContaining("not usable");
    }

    /** What it holds in memory was never written. */
    @Test
    void abandonWhenABatchFailedMakesEveryUseAFault() {
        breakStore();
        elsewhere(() -> assertBroken(() -> fixture.range(KeyRange.ALL)));
        assertBroken(() -> fixture.store.read());
        assertBroken(() -> fixture.store.hashKv(0));
        assertBroken(() -> fixture.store.restore(fixture.database));
        assertBroken(() -> fixture.put("b", "1"));
        elsewhere(() -> assertBroken(() -> fixture.put("b", "1")));
        elsewhere(() -> assertBroken(() -> fixture.range(KeyRange.ALL)));
    }

    @Test
    void beginWhenABatchIsOpenIsAFaultAndLeavesThatOneAlone() {
        try (WriteSet set = fixture.database.newWriteSet()) {
            WriteBatch batch = fixture.store.beginBatch(set);
            assertThatThrownBy(() -> fixture.store.beginBatch(set))
                    .isInstanceOf(Fault.class)
                    .hasMessageContaining("open already");
            batch.publish();
        }
        elsewhere(() -> fixture.range(KeyRange.ALL));
        assertThat(fixture.put("b", "1")).isEqualTo(3);
    }

    @Test
    void batchWhenATransactionIsOpenTakesNothingElse() {
        fixture.batch(batch -> {
            WriteTxn txn = batch.begin();
            assertThatThrownBy(batch::begin).isInstanceOf(Fault.class);
            assertThatThrownBy(() -> batch.compact(2)).isInstanceOf(Fault.class);
            assertThatThrownBy(batch::publish).isInstanceOf(Fault.class);
            return txn.end();
        });
        assertThat(fixture.store.compactedRevision()).isEqualTo(-1);
    }

    @Test
    void transactionWhenItHasEndedTakesAndTellsNothing() {
        fixture.batch(batch -> {
            WriteTxn txn = batch.begin();
            long revision = txn.end();
            assertThatThrownBy(() -> txn.put(key("b"), value("1"), 0, false)).isInstanceOf(Fault.class);
            assertThatThrownBy(() -> txn.deleteRange(KeyRange.ALL, false)).isInstanceOf(Fault.class);
            assertThatThrownBy(() -> txn.range(RangeQuery.of(KeyRange.ALL))).isInstanceOf(Fault.class);
            assertThatThrownBy(() -> txn.meta(key("a"))).isInstanceOf(Fault.class);
            assertThatThrownBy(() -> txn.get(key("a"))).isInstanceOf(Fault.class);
            assertThatThrownBy(() -> txn.forEachMeta(KeyRange.ALL, (key, meta) -> true))
                    .isInstanceOf(Fault.class);
            assertThatThrownBy(txn::end).isInstanceOf(Fault.class);
            return revision;
        });
        assertThat(fixture.store.currentRevision()).isEqualTo(2);
        assertThat(fixture.store.keyCount()).isEqualTo(1);
    }

    @Test
    void metersFollowTheStore() {
        fixture.put("b", "1");
        fixture.schedule(2);
        MeterReader meters = new MeterReader(fixture.store::register);
        assertThat(meters.value("etcd_debugging_mvcc_current_revision")).isEqualTo(3);
        assertThat(meters.value("etcd_debugging_mvcc_compact_revision")).isEqualTo(2);
        assertThat(meters.value("etcd_debugging_mvcc_keys_total")).isEqualTo(2);
        elsewhere(() -> fixture.put("c", "1"));
    }

    @Test
    void replaceWhenTheDatabaseChangedShowsWhatIsThereNow() {
        fixture.put("b", "1");
        fixture.store.replace(fixture.database, () -> {
            try (WriteSet set = fixture.database.newWriteSet()) {
                set.delete(Family.CURRENT, key("a").unwrap());
                fixture.database.write(set);
            }
        });
        assertThat(StoreFixture.keys(fixture.range(KeyRange.ALL))).containsExactly("b");
        assertThat(fixture.store.keyCount()).isEqualTo(1);
        elsewhere(() -> fixture.put("c", "1"));
    }

    /** Neither a reader nor the removal of old versions may meet a state that is half the old and half the new one. */
    @Test
    void replaceWhileTheDatabaseChangesKeepsReadersAndCompactionOut() {
        fixture.put("a", "2");
        fixture.schedule(3);
        Thread reader = Thread.ofPlatform().unstarted(() -> fixture.range(KeyRange.ALL));
        Thread compaction =
                Thread.ofPlatform().unstarted(() -> fixture.store.compaction().step());
        fixture.store.replace(fixture.database, () -> {
            reader.start();
            compaction.start();
            Steps.until(() -> hasStopped(reader) && hasStopped(compaction));
            assertThat(reader.getState()).isEqualTo(Thread.State.WAITING);
            assertThat(compaction.getState()).isEqualTo(Thread.State.WAITING);
        });
        Steps.until(() -> !reader.isAlive() && !compaction.isAlive());
        assertThat(fixture.store.compaction().finishedRevision()).isEqualTo(3);
    }

    private static boolean hasStopped(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TERMINATED;
    }
}
