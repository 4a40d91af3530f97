package io.quorate.mvcc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import io.quorate.base.KeyRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyIndexTests {

    private static final int MANY = 20_000;

    private final KeyIndex index = new KeyIndex();

    static LongStream seeds() {
        long base = Long.getLong("quorate.seed", 20_260);
        return LongStream.range(base, base + 12);
    }

    @Test
    void getWhenKeyIsUnknownIsNull() {
        assertThat(index.get(key("a"))).isNull();
        assertThat(index.remove(key("a"))).isNull();
        assertThat(index.size()).isZero();
    }

    @Test
    void putWhenKeyExistsReplacesItsMeta() {
        index.put(key("a"), new KeyMeta(2, 2, 1, 0));
        index.put(key("a"), new KeyMeta(2, 7, 2, 99));

        assertThat(index.get(key("a"))).isEqualTo(new KeyMeta(2, 7, 2, 99));
        assertThat(index.size()).isOne();
    }

    @Test
    void orderWhenKeysArePrefixesOfEachOtherIsBytewise() {
        List<Bytes> ordered = List.of(
                Bytes.wrap(new byte[] {0}),
                key("a"),
                Bytes.wrap(new byte[] {'a', 0}),
                key("aa"),
                key("b"),
                Bytes.wrap(new byte[] {(byte) 0x80}),
                Bytes.wrap(new byte[] {(byte) 0xff, 0}));
        for (Bytes key : ordered.reversed()) {
            index.put(key, KeyMeta.ABSENT);
        }

        assertThat(keys(index.cursor(KeyRange.ALL))).isEqualTo(ordered);
        assertThat(index.rank(key("aa"))).isEqualTo(3);
        assertThat(index.rank(ordered.get(5))).isEqualTo(5);
    }

    @Test
    void countWhenEndIsNotAboveStartIsZero() {
        index.put(key("m"), KeyMeta.ABSENT);

        assertThat(index.count(new KeyRange(key("z"), key("a")))).isZero();
        assertThat(index.cursor(new KeyRange(key("z"), key("a"))).next()).isFalse();
        assertThat(index.cursor(new KeyRange(key("m"), key("m"))).next()).isFalse();
    }

    @Test
    void loaderWhenKeysDescendIsFatal() {
        KeyIndex.Loader loader = new KeyIndex.Loader();
        loader.append("b".getBytes(UTF_8), KeyMeta.ABSENT);

        assertThatThrownBy(() -> loader.append(new byte[] {'a'}, KeyMeta.ABSENT))
                .isInstanceOf(Fault.class);
    }

    @Test
    void putWhenKeysAreLongSplitsByBytes() {
        for (int i = 0; i < 200; i++) {
            byte[] key = new byte[5000];
            key[0] = (byte) (i * 37);
            key[4999] = (byte) i;
            index.put(Bytes.wrap(key), new KeyMeta(i, i, i, i));
        }

        assertThat(index.size()).isEqualTo(200);
        assertThat(IndexInvariants.check(index)).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void programWhenRandomEqualsTreeMap(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        TreeMap<Bytes, KeyMeta> model = new TreeMap<>();
        KeyIndex tested = random.nextBoolean() ? index : loaded(model, random);
        int space = 1 << random.nextInt(3, 15);
        int shape = random.nextInt(3);
        int operations = 6000;
        for (int step = 0; step < operations; step++) {
            boolean growing = (step / 1500) % 2 == 0;
            Bytes key = randomKey(random, shape, space);
            if (random.nextInt(10) < (growing ? 8 : 2)) {
                KeyMeta meta = new KeyMeta(step, step + 1, step + 2, random.nextInt(8) == 0 ? step : 0);
                tested.put(key, meta);
                model.put(key, meta);
            } else {
                Bytes victim = model.ceilingKey(key) != null && random.nextInt(4) > 0 ? model.ceilingKey(key) : key;
                assertThat(tested.remove(victim))
                        .as("seed %d step %d", seed, step)
                        .isEqualTo(model.remove(victim));
            }
            if (step % 500 == 499) {
                IndexInvariants.check(tested);
            }
            if (step % 150 == 0) {
                compareQueries(seed, tested, model, random, shape, space);
            }
        }
        assertThat(keys(tested.cursor(KeyRange.ALL))).as("seed %d", seed).isEqualTo(new ArrayList<>(model.keySet()));
        for (Bytes key : new ArrayList<>(model.keySet())) {
            assertThat(tested.remove(key)).isEqualTo(model.get(key));
        }
        assertThat(IndexInvariants.check(tested)).as("seed %d", seed).isZero();
    }

    /** Three levels, thinned out until one is left: every way to split and to join a node is gone. */
    @ParameterizedTest
    @ValueSource(strings = {"ascending", "descending", "shuffled"})
    void removeWhenMostKeysGoJoinsWhatIsLeft(String order) {
        List<Bytes> keys = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            keys.add(key("key/%05d".formatted(i)));
        }
        List<Bytes> inserted = new ArrayList<>(keys);
        switch (order) {
            case "descending" -> Collections.reverse(inserted);
            case "shuffled" -> Collections.shuffle(inserted, new Random(1));
            default -> assertThat(inserted).isSorted();
        }
        inserted.forEach(key -> index.put(key, new KeyMeta(2, 3, 4, 5)));
        assertThat(IndexInvariants.check(index)).isEqualTo(MANY);
        assertThat(IndexInvariants.depth(index)).isEqualTo(2);

        List<Bytes> kept = new ArrayList<>();
        for (Bytes key : inserted) {
            if (key.toUtf8().endsWith("00")) {
                kept.add(key);
            } else {
                index.remove(key);
            }
        }
        Collections.sort(kept);

        assertThat(keys(index.cursor(KeyRange.ALL))).isEqualTo(kept);
        assertThat(IndexInvariants.check(index)).isEqualTo(kept.size());
        assertThat(IndexInvariants.leaves(index)).isLessThan(kept.size() / 8);
        assertThat(IndexInvariants.depth(index)).isEqualTo(1);
        kept.forEach(key -> assertThat(index.get(key)).isEqualTo(new KeyMeta(2, 3, 4, 5)));
        kept.forEach(index::remove);
        assertThat(IndexInvariants.check(index)).isZero();
        assertThat(IndexInvariants.depth(index)).isZero();
    }

    /** A node that joins at once what it has just split would do so at every second change. */
    @Test
    void removeWhenLeavesAreNotSmallLeavesThemAlone() {
        for (int i = 0; i < 640; i++) {
            index.put(key("key/%05d".formatted(i)), KeyMeta.ABSENT);
        }
        int leaves = IndexInvariants.leaves(index);
        for (int i = 0; i < 640; i += 2) {
            index.remove(key("key/%05d".formatted(i)));
        }
        assertThat(IndexInvariants.leaves(index)).isEqualTo(leaves);
    }

    /** An insertion moves what stands behind it: leaves with long keys stay short. */
    @Test
    void removeWhenKeysAreLongJoinsNoMoreThanALeafHolds() {
        for (int i = 0; i < 200; i++) {
            index.put(longKey(i), KeyMeta.ABSENT);
        }
        assertThat(IndexInvariants.largestLeaf(index)).isLessThanOrEqualTo(6);
        for (int i = 0; i < 200; i++) {
            if (i % 3 != 0) {
                index.remove(longKey(i));
            }
        }
        assertThat(IndexInvariants.check(index)).isEqualTo(67);
        assertThat(IndexInvariants.largestLeaf(index)).isBetween(3, 6);
    }

    private static Bytes longKey(int number) {
        byte[] key = new byte[5000];
        key[0] = (byte) number;
        return Bytes.wrap(key);
    }

    private static void compareQueries(
            long seed,
            KeyIndex tested,
            NavigableMap<Bytes, KeyMeta> model,
            RandomGenerator random,
            int shape,
            int space) {
        Bytes from = randomKey(random, shape, space);
        Bytes to = random.nextInt(5) == 0 ? null : randomKey(random, shape, space);
        KeyRange range = new KeyRange(from, to);
        NavigableMap<Bytes, KeyMeta> expected = range.isEmpty()
                ? new TreeMap<>()
                : to == null ? model.tailMap(from, true) : model.subMap(from, true, to, false);
        assertThat(tested.size()).as("seed %d", seed).isEqualTo(model.size());
        assertThat(tested.get(from)).as("seed %d", seed).isEqualTo(model.get(from));
        assertThat(tested.count(range)).as("seed %d", seed).isEqualTo(expected.size());
        assertThat(tested.rank(from))
                .as("seed %d", seed)
                .isEqualTo(model.headMap(from, false).size());
        KeyIndex.Cursor cursor = tested.cursor(range);
        for (Map.Entry<Bytes, KeyMeta> entry : expected.entrySet()) {
            assertThat(cursor.next()).as("seed %d", seed).isTrue();
            assertThat(cursor.key()).as("seed %d", seed).isEqualTo(entry.getKey());
            assertThat(cursor.meta()).as("seed %d", seed).isEqualTo(entry.getValue());
        }
        assertThat(cursor.next()).as("seed %d", seed).isFalse();
        int skipped = random.nextInt(expected.size() + 1);
        assertThat(keys(tested.cursor(range, skipped)))
                .as("seed %d", seed)
                .isEqualTo(expected.keySet().stream().skip(skipped).toList());
        if (!model.isEmpty()) {
            int rank = random.nextInt(model.size());
            Bytes key = model.keySet().stream().skip(rank).findFirst().orElseThrow();
            assertThat(tested.rank(key)).as("seed %d", seed).isEqualTo(rank);
        }
    }

    private static KeyIndex loaded(NavigableMap<Bytes, KeyMeta> model, RandomGenerator random) {
        int count = random.nextInt(5000);
        for (int i = 0; i < count; i++) {
            model.put(randomKey(random, i % 3, 20_000), new KeyMeta(i, i, i, i % 5));
        }
        KeyIndex.Loader loader = new KeyIndex.Loader();
        model.forEach((key, meta) -> loader.append(key.unwrap(), meta));
        KeyIndex built = loader.build();
        assertThat(IndexInvariants.check(built)).isEqualTo(model.size());
        return built;
    }

    private static Bytes randomKey(RandomGenerator random, int shape, int space) {
        int number = random.nextInt(space);
        return switch (shape) {
            case 0 -> key("/registry/pods/namespace-%d/pod-%06d".formatted(number % 7, number));
            case 1 -> Bytes.wrap(new byte[] {(byte) (number >> 8), (byte) number, 0});
            default -> {
                byte[] key = new byte[1 + number % 40];
                key[key.length - 1] = (byte) (number / 40);
                yield Bytes.wrap(key);
            }
        };
    }

    private static List<Bytes> keys(KeyIndex.Cursor cursor) {
        List<Bytes> keys = new ArrayList<>();
        while (cursor.next()) {
            keys.add(cursor.key());
        }
        return keys;
    }

    private static Bytes key(String text) {
        return Bytes.utf8(text);
    }
}
