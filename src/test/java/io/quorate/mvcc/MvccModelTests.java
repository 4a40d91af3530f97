package io.quorate.mvcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.mvcc.HistoryReader.HistoryPage;
import io.quorate.mvcc.HistoryReader.RevisionEvents;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.mvcc.RangeQuery.SortOrder;
import io.quorate.mvcc.RangeQuery.SortTarget;
import io.quorate.mvcc.WriteTxn.DeleteResult;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.storage.Cursor;
import io.quorate.storage.Family;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random programs against {@link KeySpaceModel}. Repeat one with {@code -Dquorate.seed=N}, the seed being in its name. */
class MvccModelTests {

    @TempDir
    private Path directory;

    private final KeySpaceModel model = new KeySpaceModel();
    private RandomGenerator random = RandomGenerator.getDefault();
    private int keySpace;

    static LongStream seeds() {
        Long seed = Long.getLong("quorate.seed");
        return seed == null
                ? LongStream.range(7000, 7000 + Integer.getInteger("quorate.seeds", 8))
                : LongStream.of(seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void programWhenRandomEqualsModel(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        keySpace = 1 << random.nextInt(1, 8);
        try (StoreFixture fixture = new StoreFixture(directory, StoreFixture.tinyBatches())) {
            for (int step = 0; step < 120; step++) {
                step(fixture);
            }
            fixture.compactFully();
            checkFamilies(fixture);
            fixture.restart();
            checkState(fixture);
            checkFamilies(fixture);
        }
    }

    private void step(StoreFixture fixture) {
        switch (random.nextInt(20)) {
            case 0 -> compact(fixture);
            case 1 -> fixture.restart();
            case 2, 3, 4 -> fixture.store.compaction().step();
            default -> writeBatch(fixture);
        }
        checkState(fixture);
        for (int i = 0; i < 4; i++) {
            RangeQuery query = query();
            sameOutcome(fixture.store::range, query);
            try (ReadView view = fixture.store.read()) {
                sameOutcome(view::range, query);
            }
        }
        checkHistory(fixture);
    }

    private void compact(StoreFixture fixture) {
        long revision = random.nextLong(-1, model.current + 2);
        try {
            model.compact(revision);
        } catch (MvccException expected) {
            assertThatThrownBy(() -> fixture.schedule(revision)).isInstanceOf(expected.getClass());
            return;
        }
        fixture.schedule(revision);
    }

    private void writeBatch(StoreFixture fixture) {
        fixture.batch(batch -> {
            int entries = random.nextInt(1, 6);
            for (int i = 0; i < entries; i++) {
                WriteTxn txn = batch.begin();
                int operations = random.nextInt(0, 5);
                for (int j = 0; j < operations; j++) {
                    operation(txn);
                }
                assertThat(txn.end()).isEqualTo(model.end());
            }
            return entries;
        });
    }

    private void operation(WriteTxn txn) {
        switch (random.nextInt(8)) {
            case 0 -> {
                KeyRange range = range();
                boolean wantPrevious = random.nextBoolean();
                List<KeyValue> removed = model.delete(range);
                assertThat(txn.deleteRange(range, wantPrevious))
                        .isEqualTo(new DeleteResult(removed.size(), wantPrevious ? removed : List.of()));
            }
            case 1, 2 -> sameOutcome(txn::range, query());
            case 3 -> {
                Bytes key = key();
                assertThat(txn.get(key)).isEqualTo(model.at(key, model.current + 1));
            }
            default -> {
                Bytes key = key();
                ByteString value = ByteString.copyFromUtf8("v" + random.nextInt(9));
                long lease = Math.max(0, random.nextInt(-4, 4));
                boolean wantPrevious = random.nextBoolean();
                KeyValue old = model.put(key, value, lease);
                assertThat(txn.put(key, value, lease, wantPrevious).previous()).isEqualTo(wantPrevious ? old : null);
            }
        }
        assertThat(txn.revision()).isEqualTo(model.revision());
        checkMeta(txn);
    }

    private void checkMeta(WriteTxn txn) {
        KeyRange range = range();
        List<KeyMeta> metas = new ArrayList<>();
        txn.forEachMeta(range, (key, meta) -> metas.add(meta));
        assertThat(metas)
                .isEqualTo(model.live(range, model.revision()).stream()
                        .map(Records::metaOf)
                        .toList());
        Bytes key = key();
        KeyValue record = model.at(key, model.revision());
        assertThat(txn.meta(key)).isEqualTo(record == null ? null : Records.metaOf(record));
    }

    private void sameOutcome(Function<RangeQuery, RangeResult> tested, RangeQuery query) {
        RangeResult expected;
        try {
            expected = model.range(query);
        } catch (MvccException refused) {
            assertThatThrownBy(() -> tested.apply(query)).hasMessage(refused.getMessage());
            return;
        }
        assertThat(tested.apply(query)).as("%s", query).isEqualTo(expected);
    }

    private void checkState(StoreFixture fixture) {
        assertThat(fixture.store.currentRevision()).isEqualTo(model.current);
        assertThat(fixture.store.compactedRevision()).isEqualTo(model.compacted);
        assertThat(fixture.attached).isEqualTo(model.attachments());
        assertThat(fixture.committed).isEqualTo(model.events);
    }

    private void checkHistory(StoreFixture fixture) {
        HistoryReader history = fixture.store.history();
        long from = random.nextLong(0, model.current + 2);
        if (from <= model.compacted) {
            from = model.compacted + 1;
        }
        long to = random.nextLong(from, model.current + 3);
        HistoryPage page = history.read(from, to, random.nextInt(1, 5));
        List<RevisionEvents> expected = new ArrayList<>();
        model.events
                .subMap(from, true, Math.max(from, page.next() - 1), page.next() > from)
                .forEach((revision, events) -> expected.add(new RevisionEvents(revision, events)));
        assertThat(page.revisions()).isEqualTo(expected);
        Bytes key = key();
        long revision = random.nextLong(Math.max(0, model.compacted), model.current + 1);
        assertThat(history.recordAt(key, revision)).isEqualTo(model.at(key, revision));
    }

    private void checkFamilies(StoreFixture fixture) {
        TreeSet<String> history = new TreeSet<>();
        try (Cursor cursor = fixture.database.cursor(Family.HISTORY, null, null)) {
            for (; cursor.isValid(); cursor.next()) {
                Bytes key = Records.keyOf(Records.parse(cursor.value()));
                history.add(KeySpaceModel.name(key, Revision.parse(cursor.key())));
            }
        }
        TreeSet<String> versions = new TreeSet<>();
        try (Cursor cursor = fixture.database.cursor(Family.VERSIONS, null, null)) {
            for (; cursor.isValid(); cursor.next()) {
                versions.add(KeySpaceModel.name(VersionKey.keyOf(cursor.key()), VersionKey.revisionOf(cursor.key())));
            }
        }
        assertThat(history).isEqualTo(model.surviving());
        assertThat(versions).isEqualTo(history);
    }

    private RangeQuery query() {
        RangeQuery.RangeQueryBuilder query = RangeQuery.builder(range())
                .revision(random.nextInt(3) == 0 ? random.nextLong(-1, model.current + 3) : 0)
                .limit(random.nextInt(3) == 0 ? random.nextInt(-1, 6) : 0)
                .keysOnly(random.nextInt(4) == 0)
                .countOnly(random.nextInt(6) == 0);
        if (random.nextInt(3) == 0) {
            query.order(SortOrder.values()[random.nextInt(3)]).target(SortTarget.values()[random.nextInt(5)]);
        }
        if (random.nextInt(6) == 0) {
            query.minModRevision(random.nextLong(0, model.current + 1))
                    .maxModRevision(random.nextInt(2) == 0 ? 0 : random.nextLong(0, model.current + 1))
                    .minCreateRevision(random.nextInt(2) == 0 ? 0 : random.nextLong(0, model.current + 1))
                    .maxCreateRevision(random.nextInt(2) == 0 ? 0 : random.nextLong(0, model.current + 1));
        }
        return query.build();
    }

    private KeyRange range() {
        return switch (random.nextInt(5)) {
            case 0 -> KeyRange.ALL;
            case 1 -> KeyRange.single(key());
            case 2 -> new KeyRange(key(), null);
            default -> new KeyRange(key(), key());
        };
    }

    private Bytes key() {
        int number = random.nextInt(keySpace);
        return switch (number % 4) {
            case 0 -> Bytes.wrap(new byte[] {0, (byte) number});
            case 1 -> Bytes.wrap(new byte[] {(byte) number});
            case 2 -> Bytes.wrap(new byte[] {(byte) (number - 1), 0, (byte) 0xff});
            default -> Bytes.utf8("app/" + number);
        };
    }
}
