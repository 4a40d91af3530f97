package io.quorate.mvcc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.MvccException.FutureRevisionException;
import io.quorate.proto.mvccpb.KeyValue;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashKvTests {

    @TempDir
    private Path first;

    @TempDir
    private Path second;

    @Test
    void hashWhenHistoryIsKnownIsTheChecksumOfItsRecords() {
        try (StoreFixture fixture = new StoreFixture(first)) {
            fixture.put("a", "1", 3);
            fixture.delete("a");
            CRC32C crc = new CRC32C();
            crc.update("key".getBytes(UTF_8));
            crc.update(new Revision(2, 0).storageKey());
            crc.update(StoreFixture.record("a", "1", 2, 2, 1, 3).toByteArray());
            crc.update(new Revision(3, 0).tombstoneKey());
            crc.update(KeyValue.newBuilder()
                    .setKey(StoreFixture.value("a"))
                    .build()
                    .toByteArray());

            assertThat(fixture.store.hashKv(0)).isEqualTo(new HashKv.Result((int) crc.getValue(), 3, -1, 3));
        }
    }

    @Test
    void hashWhenCompactionHasNotRemovedYetIsThatOfTheRemoved() {
        try (StoreFixture lazy = new StoreFixture(first);
                StoreFixture eager = new StoreFixture(second, StoreFixture.tinyBatches())) {
            for (StoreFixture fixture : new StoreFixture[] {lazy, eager}) {
                for (int i = 0; i < 40; i++) {
                    fixture.put("k" + i % 7, "v" + i);
                    fixture.delete("k" + i % 5);
                }
            }
            long revision = lazy.store.currentRevision();
            for (long at = 3; at < revision; at += 4) {
                lazy.schedule(at);
                eager.compact(at);
                assertThat(lazy.store.hashKv(0)).isEqualTo(eager.store.hashKv(0));
                assertThat(lazy.store.hashKv(revision - 1)).isEqualTo(eager.store.hashKv(revision - 1));
            }
        }
    }

    @Test
    void hashWhenRevisionCannotBeReadIsRefused() {
        try (StoreFixture fixture = new StoreFixture(first)) {
            fixture.put("a", "1");
            fixture.put("a", "2");
            fixture.compact(3);

            assertThatThrownBy(() -> fixture.store.hashKv(2)).isInstanceOf(CompactedException.class);
            assertThatThrownBy(() -> fixture.store.hashKv(4)).isInstanceOf(FutureRevisionException.class);
            assertThat(fixture.store.hashKv(3).compactRevision()).isEqualTo(3);
        }
    }

    private static void update(CRC32C crc, Revision revision, KeyValue record) {
        crc.update(revision.storageKey());
        crc.update(record.toByteArray());
    }

    /** As etcd 3.7.1 computes it: up to the compacted revision those count that live at the hashed one. */
    @Test
    void hashWhenCompactedCountsWhatLivesAtItsRevision() {
        try (StoreFixture fixture = new StoreFixture(first)) {
            fixture.put("a", "1");
            fixture.put("a", "2");
            fixture.put("b", "1");
            fixture.delete("b");
            fixture.put("c", "1");
            fixture.delete("a");
            fixture.schedule(5);
            CRC32C atEnd = newSum();
            update(atEnd, new Revision(6, 0), StoreFixture.record("c", "1", 6, 6, 1, 0));
            delete(atEnd, new Revision(7, 0), "a");
            CRC32C atFive = newSum();
            update(atFive, new Revision(3, 0), StoreFixture.record("a", "2", 2, 3, 2, 0));

            assertThat(fixture.store.hashKv(0)).isEqualTo(new HashKv.Result((int) atEnd.getValue(), 7, 5, 7));
            assertThat(fixture.store.hashKv(5).hash()).isEqualTo((int) atFive.getValue());
            fixture.compactFully();
            assertThat(fixture.store.hashKv(0).hash()).isEqualTo((int) atEnd.getValue());
            assertThat(fixture.store.hashKv(5).hash()).isEqualTo((int) atFive.getValue());
        }
    }

    @Test
    void hashWhenNoKeyLivesCountsWhatCompactionKeeps() {
        try (StoreFixture fixture = new StoreFixture(first)) {
            fixture.put("a", "1");
            fixture.put("b", "1");
            fixture.delete("b");
            fixture.delete("a");
            fixture.schedule(4);
            CRC32C crc = newSum();
            update(crc, new Revision(2, 0), StoreFixture.record("a", "1", 2, 2, 1, 0));
            delete(crc, new Revision(5, 0), "a");

            assertThat(fixture.store.hashKv(0).hash()).isEqualTo((int) crc.getValue());
            fixture.compactFully();
            assertThat(fixture.store.hashKv(0).hash()).isEqualTo((int) crc.getValue());
        }
    }

    private static CRC32C newSum() {
        CRC32C crc = new CRC32C();
        crc.update("key".getBytes(UTF_8));
        return crc;
    }

    private static void delete(CRC32C crc, Revision revision, String key) {
        crc.update(revision.tombstoneKey());
        crc.update(KeyValue.newBuilder().setKey(StoreFixture.value(key)).build().toByteArray());
    }
}
