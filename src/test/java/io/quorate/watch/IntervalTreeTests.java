package io.quorate.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalTreeTests {

    @Test
    void forEachContainingWhenRangesNestFindsExactlyThoseAroundTheKey() {
        IntervalTree<String> tree = new IntervalTree<>();
        for (String range : List.of("a-z", "b-d", "c-d", "d-e", "c-")) {
            int dash = range.indexOf('-');
            Bytes start = Bytes.utf8(range.substring(0, dash));
            String end = range.substring(dash + 1);
            tree.computeIfAbsent(new KeyRange(start, end.isEmpty() ? null : Bytes.utf8(end)), () -> range);
        }

        assertThat(containing(tree, "c")).containsExactlyInAnyOrder("a-z", "b-d", "c-d", "c-");
        assertThat(containing(tree, "d")).containsExactlyInAnyOrder("a-z", "d-e", "c-");
        assertThat(containing(tree, "zz")).containsExactly("c-");
        assertThat(containing(tree, "A")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void forEachContainingWhenChangedAtRandomAgreesWithALinearSearch(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        IntervalTree<KeyRange> tree = new IntervalTree<>();
        Set<KeyRange> model = new LinkedHashSet<>();
        for (int step = 0; step < 3000; step++) {
            KeyRange range = randomRange(random);
            if (random.nextInt(5) < 3) {
                tree.computeIfAbsent(range, () -> range);
                model.add(range);
            } else {
                KeyRange removed = model.isEmpty() || random.nextInt(4) == 0
                        ? range
                        : List.copyOf(model).get(random.nextInt(model.size()));
                tree.remove(removed);
                model.remove(removed);
            }
            if (step % 10 == 0) {
                Bytes key = randomKey(random);
                Set<KeyRange> found = new HashSet<>();
                tree.forEachContaining(key, found::add);
                Set<KeyRange> expected = new HashSet<>(model);
                expected.removeIf(candidate -> !candidate.contains(key));
                assertThat(found).as("seed %d step %d key %s", seed, step, key).isEqualTo(expected);
            }
        }
    }

    @Test
    void heightWhenRangesComeInOrderStaysLogarithmic() {
        IntervalTree<Integer> tree = new IntervalTree<>();
        for (int i = 0; i < 100_000; i++) {
            int value = i;
            tree.computeIfAbsent(KeyRange.prefix(Bytes.utf8(String.format("%06d", i))), () -> value);
        }
        assertThat(tree.height()).isBetween(17, 60);
    }

    private static List<String> containing(IntervalTree<String> tree, String key) {
        List<String> found = new ArrayList<>();
        tree.forEachContaining(Bytes.utf8(key), found::add);
        return found;
    }

    private static KeyRange randomRange(SplittableRandom random) {
        Bytes start = randomKey(random);
        if (random.nextInt(8) == 0) {
            return new KeyRange(start, null);
        }
        Bytes end = randomKey(random);
        return start.compareTo(end) < 0 ? new KeyRange(start, end) : new KeyRange(end, start);
    }

    private static Bytes randomKey(SplittableRandom random) {
        byte[] key = new byte[1 + random.nextInt(3)];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (random.nextInt(6) * 50);
        }
        return Bytes.wrap(key);
    }
}
