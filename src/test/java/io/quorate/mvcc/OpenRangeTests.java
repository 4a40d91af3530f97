package io.quorate.mvcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.base.RequestException;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.mvcc.RangeQuery.SortOrder;
import io.quorate.mvcc.RangeQuery.SortTarget;
import io.quorate.proto.RangeResponse;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A range that is read piece by piece is the range that would have been gathered. */
class OpenRangeTests {

    private static final int KEYS = 60;
    private static final IntPredicate NO_ROOM = size -> false;

    @TempDir
    private Path directory;

    private static byte[] encoded(RangeResult result) {
        return RangeResponse.newBuilder().addAllKvs(result.kvs()).build().toByteArray();
    }

    /** All that is left of a range, in pieces of these sizes. */
    private static byte[] inPieces(OpenRange range, Random random, int mostBytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < range.size().bytes()) {
            int bytes = random.nextInt(1, mostBytes + 1);
            ByteBuffer piece = random.nextBoolean() ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
            range.read(piece);
            piece.flip();
            assertThat(piece.remaining()).isPositive();
            byte[] copy = new byte[piece.remaining()];
            piece.get(copy);
            all.writeBytes(copy);
        }
        ByteBuffer behind = ByteBuffer.allocate(mostBytes);
        range.read(behind);
        assertThat(behind.position()).as("bytes behind the end").isZero();
        return all.toByteArray();
    }

    private static void change(StoreFixture fixture, Random random) {
        String key = "key/" + random.nextInt(KEYS);
        switch (random.nextInt(8)) {
            case 0 -> fixture.delete(key);
            case 1 -> fixture.put(key, "");
            case 2 -> fixture.put(key, "x".repeat(random.nextInt(30_000)), random.nextInt(1, 4));
            default -> fixture.put(key, "v".repeat(random.nextInt(300)), random.nextInt(2));
        }
    }

    private static RangeQuery query(StoreFixture fixture, Random random) {
        long newest = fixture.store.currentRevision();
        long oldest = Math.max(1, fixture.store.compactedRevision());
        RangeQuery.RangeQueryBuilder query = RangeQuery.builder(
                        random.nextInt(3) == 0 ? StoreFixture.between("key/2", "key/5") : KeyRange.ALL)
                .revision(random.nextBoolean() ? 0 : random.nextLong(oldest, newest + 1))
                .limit(random.nextInt(3) == 0 ? random.nextInt(1, KEYS) : 0)
                .order(random.nextBoolean() ? SortOrder.NONE : SortOrder.ASCEND)
                .uncounted(random.nextInt(5) == 0)
                .keysOnly(random.nextInt(4) == 0);
        if (random.nextInt(4) == 0) {
            query.minModRevision(random.nextLong(newest))
                    .maxCreateRevision(random.nextBoolean() ? 0 : random.nextLong(newest));
        }
        return query.build();
    }

    private static void check(StoreFixture fixture, Random random) {
        RangeQuery query = query(fixture, random);
        RangeResult expected = fixture.store.range(query);
        int room = random.nextInt(3) == 0 ? random.nextInt(4_000) : 0;
        AtomicInteger held = new AtomicInteger();
        RangeAnswer answer = fixture.store.open(query, size -> held.addAndGet(size) <= room);

        assertThat(answer.count()).as("%s", query).isEqualTo(expected.count());
        assertThat(answer.more()).as("%s", query).isEqualTo(expected.more());
        assertThat(answer.revision()).as("%s", query).isEqualTo(expected.revision());
        switch (answer) {
            case RangeResult whole -> assertThat(whole).as("%s", query).isEqualTo(expected);
            case OpenRange open -> {
                try (open) {
                    meanwhile(fixture, random);
                    byte[] bytes = encoded(expected);
                    assertThat(open.size().records()).isEqualTo(expected.kvs().size());
                    assertThat(open.size().bytes()).as("%s", query).isEqualTo(bytes.length);
                    int mostBytes = random.nextInt(4) == 0 ? 10 : 5_000;
                    assertThat(inPieces(open, random, mostBytes))
                            .as("%s", query)
                            .isEqualTo(bytes);
                }
            }
        }
    }

    private static void meanwhile(StoreFixture fixture, Random random) {
        for (int i = random.nextInt(30); i > 0; i--) {
            change(fixture, random);
        }
        long newest = fixture.store.currentRevision();
        long compacted = fixture.store.compactedRevision();
        if (random.nextInt(3) == 0 && newest > compacted + 1) {
            fixture.compact(random.nextLong(Math.max(1, compacted + 1), newest + 1));
        }
        if (random.nextInt(4) == 0) {
            fixture.database.flush();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void rangeWhenWrittenToMeanwhileIsTheOneThatWasMeasured(long seed) {
        Random random = new Random(seed);
        try (StoreFixture fixture = new StoreFixture(directory)) {
            for (int round = 0; round < 60; round++) {
                meanwhile(fixture, random);
                check(fixture, random);
            }
            assertThat(fixture.database.uses()).as("views that are open").isZero();
        }
    }

    @Test
    void rangeWhenTheIndexAnswersIsNotOpened() {
        try (StoreFixture fixture = new StoreFixture(directory)) {
            fixture.put("a", "1");
            fixture.put("b", "2");
            List<RangeQuery> queries = new ArrayList<>();
            queries.add(RangeQuery.of(KeyRange.single(Bytes.utf8("a"))));
            queries.add(RangeQuery.builder(KeyRange.ALL).countOnly(true).build());
            queries.add(RangeQuery.builder(KeyRange.ALL).keysOnly(true).build());
            queries.add(RangeQuery.of(StoreFixture.between("x", "z")));
            queries.add(
                    RangeQuery.builder(KeyRange.ALL).order(SortOrder.DESCEND).build());
            queries.add(RangeQuery.builder(KeyRange.ALL)
                    .target(SortTarget.VALUE)
                    .order(SortOrder.ASCEND)
                    .build());
            assertThat(queries)
                    .allSatisfy(query ->
                            assertThat(fixture.store.open(query, NO_ROOM)).isEqualTo(fixture.store.range(query)));
            assertThat(fixture.database.uses()).isZero();
        }
    }

    @Test
    void rangeWhenItsRevisionIsCompactedIsRefused() {
        try (StoreFixture fixture = new StoreFixture(directory)) {
            fixture.put("a", "1");
            fixture.put("b", "2");
            fixture.compact(3);
            RangeQuery old = RangeQuery.builder(KeyRange.ALL).revision(2).build();
            assertThatThrownBy(() -> fixture.store.open(old, NO_ROOM))
                    .isInstanceOf(MvccException.CompactedException.class);
            RangeQuery future = RangeQuery.builder(KeyRange.ALL).revision(9).build();
            assertThatThrownBy(() -> fixture.store.open(future, NO_ROOM))
                    .isInstanceOf(MvccException.FutureRevisionException.class);
            assertThat(fixture.database.uses()).isZero();
        }
    }

    /** No array is made for a value, neither when it is measured nor when it is read. */
    @Test
    void rangeWhenItIsLargeIsReadWithoutCopies() {
        int valueBytes = 100_000;
        int records = 200;
        try (StoreFixture fixture = new StoreFixture(directory)) {
            for (int i = 0; i < records; i++) {
                fixture.put("key/" + i, "v".repeat(valueBytes));
            }
            var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
            ByteBuffer slice = ByteBuffer.allocateDirect(256 << 10);
            long before = threads.getCurrentThreadAllocatedBytes();
            long bytes = 0;
            try (OpenRange open = (OpenRange) fixture.store.open(RangeQuery.of(KeyRange.ALL), NO_ROOM)) {
                while (bytes < open.size().bytes()) {
                    open.read(slice.clear());
                    bytes += slice.position();
                }
            }
            assertThat(bytes).isGreaterThan((long) records * valueBytes);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes of the heap, for %s of records", bytes)
                    .isLessThan(bytes / 10);
        }
    }

    @Test
    void rangeWhenTheDatabaseClosesGivesItsViewBack() {
        StoreFixture fixture = new StoreFixture(directory);
        for (int i = 0; i < 100; i++) {
            fixture.put("key/" + i, "v".repeat(100));
        }
        OpenRange open = (OpenRange) fixture.store.open(RangeQuery.of(KeyRange.ALL), NO_ROOM);
        AtomicInteger told = new AtomicInteger();
        open.whenRevoked(() -> {
            told.incrementAndGet();
            assertThatThrownBy(() -> open.read(ByteBuffer.allocate(1_000))).isInstanceOf(RequestException.class);
            open.close();
        });
        fixture.close();
        assertThat(told).hasValue(1);
        assertThat(fixture.database.isOpen()).isFalse();
    }

    @Test
    void readWhenClosedFails() {
        try (StoreFixture fixture = new StoreFixture(directory)) {
            fixture.put("a", "1");
            fixture.put("b", "2");
            OpenRange open = (OpenRange) fixture.store.open(RangeQuery.of(KeyRange.ALL), NO_ROOM);
            open.close();
            open.close();
            assertThatThrownBy(() -> open.read(ByteBuffer.allocate(9))).isInstanceOf(IllegalStateException.class);
            assertThat(fixture.database.uses()).isZero();
        }
    }

    /** A value that a slice has no room for is read once, and its parts follow each other. */
    @Test
    void recordWhenLargerThanAPieceComesInParts() {
        try (StoreFixture fixture = new StoreFixture(directory)) {
            fixture.put("a", "1");
            fixture.put("b", "l".repeat(100_000));
            fixture.put("c", "3");
            RangeQuery query = RangeQuery.of(KeyRange.ALL);
            byte[] expected = encoded(fixture.store.range(query));
            try (OpenRange open = (OpenRange) fixture.store.open(query, NO_ROOM)) {
                ByteBuffer first = ByteBuffer.allocate(1_000);
                open.read(first);
                assertThat(first.position()).as("stops before it").isLessThan(100);
                ByteBuffer rest = ByteBuffer.allocate(expected.length);
                ByteBuffer part = ByteBuffer.allocate(1_000);
                while (first.position() + rest.position() < expected.length) {
                    open.read(part.clear());
                    rest.put(part.flip());
                }
                assertThat(ByteString.copyFrom(first.flip()).concat(ByteString.copyFrom(rest.flip())))
                        .isEqualTo(ByteString.copyFrom(expected));
            }
        }
    }
}
