package io.quorate.mvcc;

import static io.quorate.mvcc.StoreFixture.between;
import static io.quorate.mvcc.StoreFixture.key;
import static io.quorate.mvcc.StoreFixture.keys;
import static io.quorate.mvcc.StoreFixture.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.MvccException.FutureRevisionException;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.mvcc.RangeQuery.SortOrder;
import io.quorate.mvcc.RangeQuery.SortTarget;
import io.quorate.proto.mvccpb.KeyValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sections "Keys and ranges" and "Range" of docs/etcd-v3.md. */
class MvccRangeTests {

    private StoreFixture fixture;

    /**
     * Four keys whose orders all differ.
     *
     * <pre>
     *       create  mod  version  value
     *   a     2      9      2      v3
     *   b     3      8      3      v1
     *   c     4      4      1      v4
     *   d     5     12      4      v2
     * </pre>
     */
    @BeforeEach
    void open(@TempDir Path directory) {
        fixture = new StoreFixture(directory);
        fixture.put("a", "v0");
        fixture.put("b", "v0");
        fixture.put("c", "v4", 77);
        fixture.put("d", "v0");
        fixture.put("d", "v0");
        fixture.put("b", "v0");
        fixture.put("b", "v1");
        fixture.put("a", "v3");
        fixture.put("d", "v0");
        fixture.put("x", "gone");
        fixture.put("d", "v2");
        fixture.delete("x");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @CsvSource({
        "b, '', b",
        "b, d, bc",
        "a, e, abcd",
        "c, b, ''",
        "b, b, ''",
        "x, '', ''",
        "0, z, abcd",
        "c, \\0, cd",
        "\\0, \\0, abcd"
    })
    void rangeWhenBoundsAreGivenTakesTheKeysBetween(String start, String end, String expected) {
        KeyRange range = KeyRange.of(bytes(start), bytes(end));

        RangeResult result = fixture.range(range);

        assertThat(String.join("", keys(result))).isEqualTo(expected);
        assertThat(result.count()).isEqualTo(expected.length());
        assertThat(result.more()).isFalse();
        assertThat(result.revision()).isEqualTo(13);
    }

    @Test
    void rangeWhenRevisionIsNotPositiveIsTheNewest() {
        RangeQuery query = RangeQuery.builder(KeyRange.ALL).revision(-5).build();

        assertThat(fixture.store.range(query)).isEqualTo(fixture.range(KeyRange.ALL));
    }

    @Test
    void rangeWhenRevisionIsOldShowsThePast() {
        RangeQuery query = RangeQuery.builder(KeyRange.ALL).revision(11).build();

        RangeResult result = fixture.store.range(query);

        assertThat(keys(result)).containsExactly("a", "b", "c", "d", "x");
        assertThat(result.kvs().get(3)).isEqualTo(record("d", "v0", 5, 10, 3, 0));
        assertThat(result.count()).isEqualTo(5);
        assertThat(result.revision()).isEqualTo(13);
    }

    @Test
    void rangeWhenRevisionIsInTheFutureIsRefused() {
        RangeQuery query = RangeQuery.builder(KeyRange.ALL).revision(14).build();

        assertThatThrownBy(() -> fixture.store.range(query)).isInstanceOf(FutureRevisionException.class);
    }

    @Test
    void rangeWhenRevisionIsCompactedIsRefusedBelowButNotAtTheCompactedOne() {
        fixture.compact(8);

        RangeQuery query = RangeQuery.builder(KeyRange.ALL).revision(7).build();
        assertThatThrownBy(() -> fixture.store.range(query))
                .isInstanceOfSatisfying(CompactedException.class, refused -> {
                    assertThat(refused.compactedRevision()).isEqualTo(8);
                    assertThat(refused.getStackTrace()).isEmpty();
                });
        assertThat(fixture.at("b", 8)).isEqualTo(record("b", "v1", 3, 8, 3, 0));
        assertThat(fixture.at("a", 8)).isEqualTo(record("a", "v0", 2, 2, 1, 0));
    }

    @ParameterizedTest
    @CsvSource({
        // limit in key order, one more is fetched to know whether there is more
        "NONE,    KEY,     0, abcd, false",
        "NONE,    KEY,     4, abcd, false",
        "NONE,    KEY,     3, abc,  true",
        "NONE,    KEY,    -1, abcd, false",
        "ASCEND,  KEY,     2, ab,   true",
        "DESCEND, KEY,     2, dc,   true",
        "ASCEND,  VERSION, 0, cabd, false",
        "DESCEND, VERSION, 2, db,   true",
        "ASCEND,  CREATE,  0, abcd, false",
        "DESCEND, CREATE,  1, d,    true",
        "ASCEND,  MOD,     0, cbad, false",
        "DESCEND, MOD,     3, dab,  true",
        "ASCEND,  VALUE,   0, bdac, false",
        "DESCEND, VALUE,   4, cadb, false",
        // no order: the first three keys are sorted by the target, then cut to two
        "NONE,    MOD,     2, cb,   true",
        "NONE,    VALUE,   2, ba,   true",
        "NONE,    VERSION, 0, cabd, false",
        "NONE,    VALUE,   4, bdac, false",
    })
    void rangeWhenSortedAndLimitedFollowsTheRules(
            SortOrder order, SortTarget target, long limit, String expected, boolean more) {
        RangeQuery query = RangeQuery.builder(KeyRange.ALL)
                .order(order)
                .target(target)
                .limit(limit)
                .build();

        RangeResult result = fixture.store.range(query);

        assertThat(String.join("", keys(result))).isEqualTo(expected);
        assertThat(result.more()).isEqualTo(more);
        assertThat(result.count()).isEqualTo(4);
        RangeResult keysOnly =
                fixture.store.range(query.toBuilder().keysOnly(true).build());
        assertThat(keys(keysOnly)).isEqualTo(keys(result));
        assertThat(keysOnly.more()).isEqualTo(more);
    }

    @ParameterizedTest
    @CsvSource({
        "8, 0, 0, 0, abd",
        "0, 8, 0, 0, bc",
        "8, 9, 0, 0, ab",
        "0, 0, 3, 4, bc",
        "0, 0, 0, 3, ab",
        "9, 0, 3, 0, d",
        "13, 0, 0, 0, ''",
        "0, -1, 0, 0, ''"
    })
    void rangeWhenFilteredKeepsMatchingRecordsAndCountsAll(
            long minMod, long maxMod, long minCreate, long maxCreate, String expected) {
        RangeQuery query = RangeQuery.builder(KeyRange.ALL)
                .minModRevision(minMod)
                .maxModRevision(maxMod)
                .minCreateRevision(minCreate)
                .maxCreateRevision(maxCreate)
                .build();

        RangeResult result = fixture.store.range(query);

        assertThat(String.join("", keys(result))).isEqualTo(expected);
        assertThat(result.count()).isEqualTo(4);
        RangeResult first = fixture.store.range(query.toBuilder().limit(1).build());
        assertThat(first.more()).isEqualTo(expected.length() > 1);
    }

    @Test
    void rangeWhenFilteredWithoutOrderSortsBeforeItCuts() {
        RangeQuery query = RangeQuery.builder(KeyRange.ALL)
                .minModRevision(1)
                .target(SortTarget.VALUE)
                .limit(2)
                .build();

        assertThat(keys(fixture.store.range(query))).containsExactly("b", "d");
    }

    @Test
    void rangeWhenOnlyCountIsWantedIgnoresTheRest() {
        RangeQuery query = RangeQuery.builder(between("a", "d"))
                .countOnly(true)
                .limit(1)
                .minModRevision(100)
                .build();

        assertThat(fixture.store.range(query)).isEqualTo(new RangeResult(RecordList.EMPTY, 3, false, 13));
        assertThat(fixture.store.range(query.toBuilder().revision(3).build()))
                .isEqualTo(new RangeResult(RecordList.EMPTY, 2, false, 13));
    }

    @Test
    void rangeWhenOnlyKeysAreWantedHasNeitherValueNorLease() {
        for (long revision : new long[] {0, 12, 4}) {
            RangeQuery query = RangeQuery.builder(KeyRange.single(key("c")))
                    .keysOnly(true)
                    .revision(revision)
                    .build();
            assertThat(fixture.store.range(query).kvs()).containsExactly(record("c", "", 4, 4, 1, 0));
            RangeQuery whole = query.toBuilder().range(KeyRange.ALL).build();
            assertThat(fixture.store.range(whole).kvs()).contains(record("c", "", 4, 4, 1, 0));
        }
    }

    @Test
    void rangeWhenOnlyKeysAreWantedByValueKeepsTheLease() {
        RangeQuery query = RangeQuery.builder(KeyRange.ALL)
                .keysOnly(true)
                .target(SortTarget.VALUE)
                .build();

        assertThat(fixture.store.range(query).kvs()).contains(record("c", "", 4, 4, 1, 77));
    }

    @Test
    void pageWhenRevisionIsPinnedCountsTheRestAsItWasThen() {
        for (int i = 0; i < 300; i++) {
            fixture.put("page/%03d".formatted(i), "old");
        }
        long pinned = fixture.store.currentRevision();
        fixture.delete("page/250");
        fixture.put("page/100", "new");
        fixture.put("page/1000", "new");
        List<KeyValue> all = new ArrayList<>();
        String next = "page/";
        boolean more = true;
        while (more) {
            RangeQuery query = RangeQuery.builder(between(next, "page0"))
                    .revision(pinned)
                    .limit(70)
                    .build();
            RangeResult page = fixture.store.range(query);
            assertThat(page.count()).isEqualTo(300 - all.size());
            all.addAll(page.kvs());
            next = page.kvs().getLast().getKey().toStringUtf8() + "\0";
            more = page.more();
        }

        assertThat(all).hasSize(300).allMatch(kv -> kv.getValue().toStringUtf8().equals("old"));
    }

    @Test
    void rangeWhenKeysHaveManyVersionsFindsTheOneOfTheRevision() {
        long first = fixture.store.currentRevision();
        for (int round = 0; round < 30; round++) {
            for (String key : List.of("k1", "k2", "k3")) {
                fixture.put(key, "r" + round);
            }
        }

        for (int round = 0; round < 30; round++) {
            RangeQuery query = RangeQuery.builder(between("k", "l"))
                    .revision(first + 3L * (round + 1))
                    .build();
            String expected = "r" + round;
            assertThat(fixture.store.range(query).kvs())
                    .hasSize(3)
                    .allMatch(kv -> kv.getValue().toStringUtf8().equals(expected));
        }
    }

    @Test
    void viewWhenSeveralRangesAreReadShowsOneState() {
        try (ReadView view = fixture.store.read()) {
            assertThat(view.revision()).isEqualTo(13);
            assertThat(view.range(RangeQuery.of(KeyRange.ALL)).count()).isEqualTo(4);
            assertThat(view.meta(key("b"))).isEqualTo(new KeyMeta(3, 8, 3, 0));
            assertThat(view.get(key("b"))).isEqualTo(record("b", "v1", 3, 8, 3, 0));
            assertThat(view.get(key("x"))).isNull();
            List<String> seen = new ArrayList<>();
            view.forEachMeta(KeyRange.ALL, (key, meta) -> {
                seen.add(key.toUtf8());
                return seen.size() < 2;
            });
            assertThat(seen).containsExactly("a", "b");
        }
    }

    @Test
    void viewWhenClosedRefuses() {
        ReadView view = fixture.store.read();
        view.close();
        view.close();

        assertThatThrownBy(() -> view.get(key("a"))).isInstanceOf(IllegalStateException.class);
        assertThat(fixture.put("after", "writer goes on")).isEqualTo(14);
    }

    @Test
    void keysWhenTheyContainZeroBytesStayApart() {
        List<String> odd = List.of("z", "z\0", "z\0\0", "z\0a", "z\u0001", "za");
        odd.forEach(key -> fixture.put(key, key));
        long revision = fixture.store.currentRevision();
        odd.forEach(fixture::delete);
        RangeQuery query =
                RangeQuery.builder(between("z", "zb")).revision(revision).build();

        assertThat(keys(fixture.store.range(query))).isEqualTo(odd);
        assertThat(fixture.at("z\0", revision)).isNotNull();
    }

    @Test
    void viewWhenClosedRefusesEveryRead() {
        ReadView view = fixture.store.read();
        assertThat(view.compactedRevision()).isEqualTo(-1);
        view.close();

        assertThatThrownBy(() -> view.range(RangeQuery.of(KeyRange.ALL))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> view.meta(key("a"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> view.forEachMeta(KeyRange.ALL, (key, meta) -> true))
                .isInstanceOf(IllegalStateException.class);
    }

    /** A filtered list may look at millions of records and give none: it is what was looked at that is to be bounded. */
    @Test
    void rangeWhenItIsMeteredTellsWhatItLooksAtAndWhatItTakes() {
        List<Integer> taken = new ArrayList<>();
        AtomicInteger visits = new AtomicInteger();
        RangeQuery query = RangeQuery.builder(KeyRange.ALL)
                .minModRevision(9)
                .meter(new KeyReader.RecordMeter() {

                    @Override
                    public void visit() {
                        visits.incrementAndGet();
                    }

                    @Override
                    public void take(int bytes) {
                        taken.add(bytes);
                    }
                })
                .build();
        List<KeyValue> answer = fixture.store.range(query).kvs();
        assertThat(visits).hasValue(4);
        assertThat(answer).extracting(record -> record.getKey().toStringUtf8()).containsExactly("a", "d");
        assertThat(taken)
                .isEqualTo(answer.stream().map(KeyValue::getSerializedSize).toList());
    }

    private static Bytes bytes(String text) {
        return Bytes.utf8(text.replace("\\0", "\0").toLowerCase(Locale.ROOT));
    }
}
