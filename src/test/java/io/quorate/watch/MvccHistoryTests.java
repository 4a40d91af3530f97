package io.quorate.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.mvcc.Compaction;
import io.quorate.mvcc.MvccStore;
import io.quorate.mvcc.MvccStore.LeaseAttachments;
import io.quorate.mvcc.WriteBatch;
import io.quorate.mvcc.WriteTxn;
import io.quorate.storage.Database;
import io.quorate.storage.StorageSettings;
import io.quorate.storage.WriteSet;
import io.quorate.watch.WatchMessage.Events;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine over the real store. */
class MvccHistoryTests {

    @TempDir
    private Path directory = Path.of(".");

    @Test
    void watchersWhenTheStoreIsRealSeePastAndPresent() {
        try (Database database = Database.open(directory.resolve("db"), StorageSettings.DEFAULTS)) {
            MvccStore store = new MvccStore(database, new NoLeases());
            MvccHistory history = new MvccHistory(store);
            WatchHub hub =
                    new WatchHub(history, WatchSettings.DEFAULTS, System::nanoTime, new SplittableRandom(1), () -> {});
            store.connect(hub, Compaction.Observer.NONE);
            put(database, store, "a", "1");
            put(database, store, "a", "2");
            TestSink sink = new TestSink(hub, WatchMemory.UNBOUNDED);
            sink.stream.create(WatchSpec.builder()
                    .range(KeyRange.ALL)
                    .startRevision(1)
                    .previousRecord(true)
                    .build());
            hub.doWork();
            hub.doWork();
            put(database, store, "b", "1");
            put(database, store, "a", "3");
            hub.doWork();

            List<Events> events = sink.takeEvents();
            assertThat(events)
                    .extracting(sent -> TestSink.text(sent.events()))
                    .containsExactly("+a@2 +a@3", "+b@4", "+a@5");
            assertThat(events.getFirst()
                            .events()
                            .getLast()
                            .getPrevKv()
                            .getValue()
                            .toStringUtf8())
                    .isEqualTo("1");
            assertThat(events.getLast()
                            .events()
                            .getFirst()
                            .getPrevKv()
                            .getValue()
                            .toStringUtf8())
                    .isEqualTo("2");
            assertThat(history.compactedRevision()).isEqualTo(-1);
            assertThat(history.forEachEvent(1, 5, (revision, event) -> revision < 3))
                    .isTrue();
        }
    }

    private static void put(Database database, MvccStore store, String key, String value) {
        try (WriteSet set = database.newWriteSet()) {
            WriteBatch batch = store.beginBatch(set);
            WriteTxn txn = batch.begin();
            txn.put(Bytes.utf8(key), ByteString.copyFromUtf8(value), 0, false);
            txn.end();
            database.write(set);
            batch.publish();
        }
    }

    private static final class NoLeases implements LeaseAttachments {

        @Override
        public void attach(long lease, Bytes key) {}

        @Override
        public void detach(long lease, Bytes key) {}
    }
}
