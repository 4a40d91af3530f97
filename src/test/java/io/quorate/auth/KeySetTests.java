package io.quorate.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeySetTests {

    private static final KeyRange FROM_M = range("m", "\0");

    private static KeyRange range(String key, String end) {
        return KeyRange.of(Bytes.utf8(key), Bytes.utf8(end));
    }

    private static KeyRange key(String key) {
        return range(key, "");
    }

    private static KeySet set(KeyRange... ranges) {
        return KeySet.of(List.of(ranges));
    }

    @Test
    void nothingCoversNothing() {
        assertThat(KeySet.EMPTY.covers(key("a"))).isFalse();
        assertThat(set(range("b", "a")).covers(key("b")))
                .as("an inverted range")
                .isFalse();
    }

    @Test
    void oneKeyIsCoveredByItselfAndByARangeAroundIt() {
        assertThat(set(key("a")).covers(key("a"))).isTrue();
        assertThat(set(key("a")).covers(key("aa"))).isFalse();
        assertThat(set(range("a", "c")).covers(key("b"))).isTrue();
        assertThat(set(range("a", "c")).covers(key("c")))
                .as("the end does not belong to it")
                .isFalse();
    }

    @Test
    void rangesThatTouchOrOverlapAreOne() {
        KeySet touching = set(range("c", "e"), range("a", "c"));
        assertThat(touching.covers(range("a", "e"))).isTrue();
        assertThat(touching.covers(range("b", "d"))).isTrue();
        assertThat(touching.covers(range("b", "ea"))).isFalse();
        assertThat(set(range("a", "d"), range("b", "c"), range("d", "f")).covers(range("a", "f")))
                .isTrue();
        assertThat(set(range("a", "c"), range("ca", "e")).covers(range("a", "e")))
                .as("a gap of one key")
                .isFalse();
    }

    @Test
    void onlyAnOpenRangeCoversAnOpenOne() {
        assertThat(set(FROM_M).covers(range("n", "\0"))).isTrue();
        assertThat(set(FROM_M).covers(range("a", "\0"))).isFalse();
        assertThat(set(range("a", "\u007f")).covers(range("b", "\0"))).isFalse();
        assertThat(set(range("a", "m"), FROM_M).covers(range("a", "\0"))).isTrue();
        assertThat(set(FROM_M, range("n", "o")).covers(range("m", "\0")))
                .as("a closed range inside")
                .isTrue();
    }

    /** etcd asks nothing about the end of a range that holds no key. */
    @Test
    void anInvertedRangeIsCoveredWhereItsStartIs() {
        assertThat(set(range("a", "c")).covers(range("b", "a"))).isTrue();
        assertThat(set(range("a", "c")).covers(range("d", "b"))).isFalse();
        assertThat(set(range("a", "c")).covers(range("c", "b"))).isFalse();
    }

    /** Against the plain definition, key by key. */
    @Test
    void randomSetsCoverWhatTheirPartsCoverTogether() {
        for (long seed = 1; seed <= 500; seed++) {
            Random random = new Random(seed);
            List<KeyRange> parts = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                parts.add(range(letter(random), random.nextInt(8) == 0 ? "\0" : letter(random)));
            }
            KeySet set = KeySet.of(parts);
            String from = letter(random);
            String to = letter(random);
            boolean all = from.compareTo(to) < 0;
            for (char each = from.charAt(0); each < to.charAt(0); each++) {
                Bytes key = Bytes.utf8(String.valueOf(each));
                all &= parts.stream().anyMatch(part -> part.contains(key));
            }
            if (from.compareTo(to) < 0) {
                assertThat(set.covers(range(from, to)))
                        .as("seed %d: %s to %s in %s", seed, from, to, parts)
                        .isEqualTo(all);
            }
        }
    }

    private static String letter(Random random) {
        return String.valueOf((char) ('a' + random.nextInt(12)));
    }
}
