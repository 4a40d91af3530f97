package io.quorate.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeIndexTests {

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void forEachMatchWhenMembersComeAndGoAgreesWithALinearSearch(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RangeIndex<Member> index = new RangeIndex<>();
        List<Member> model = new ArrayList<>();
        for (int step = 0; step < 4000; step++) {
            if (random.nextInt(5) < 3 || model.isEmpty()) {
                Member member = new Member(randomRange(random));
                index.add(member.range, member);
                model.add(member);
            } else {
                Member member = model.remove(random.nextInt(model.size()));
                index.remove(member.range, member);
            }
            if (step % 10 == 0) {
                Bytes key = Bytes.utf8(String.valueOf((char) ('a' + random.nextInt(6))));
                List<Member> found = new ArrayList<>();
                index.forEachMatch(key, found::add);
                Set<Member> expected = new HashSet<>(model);
                expected.removeIf(member -> !member.range.contains(key));
                assertThat(found).as("seed %d step %d", seed, step).hasSize(expected.size());
                assertThat(new HashSet<>(found))
                        .as("seed %d step %d", seed, step)
                        .isEqualTo(expected);
            }
        }
        Set<Member> all = new HashSet<>();
        index.forEach(all::add);
        assertThat(all).isEqualTo(new HashSet<>(model));
        assertThat(index.size()).isEqualTo(model.size());
    }

    /** Watches of ever other ranges come and go for as long as the member runs. */
    @Test
    void removeWhenItWasTheLastOfItsRangeKeepsNothing() {
        RangeIndex<RangeIndex.Member> index = new RangeIndex<>();
        List<RangeIndex.Member> members = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            RangeIndex.Member member = new RangeIndex.Member() {};
            members.add(member);
            index.add(KeyRange.prefix(Bytes.utf8("p" + i)), member);
        }
        assertThat(index.depth()).isPositive();
        for (int i = 0; i < 100; i++) {
            index.remove(KeyRange.prefix(Bytes.utf8("p" + i)), members.get(i));
        }
        assertThat(index.depth()).isZero();
        assertThat(index.size()).isZero();
    }

    @Test
    void removeWhenTheMemberIsNotThereThrows() {
        RangeIndex<Member> index = new RangeIndex<>();
        Member there = new Member(KeyRange.ALL);
        index.add(there.range, there);

        assertThatThrownBy(() -> index.remove(KeyRange.ALL, new Member(KeyRange.ALL)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> index.remove(KeyRange.single(Bytes.utf8("a")), there))
                .isInstanceOf(IllegalStateException.class);
    }

    private static KeyRange randomRange(SplittableRandom random) {
        Bytes start = Bytes.utf8(String.valueOf((char) ('a' + random.nextInt(6))));
        return switch (random.nextInt(3)) {
            case 0 -> KeyRange.single(start);
            case 1 -> new KeyRange(start, null);
            default -> new KeyRange(start, Bytes.utf8(String.valueOf((char) ('g' + random.nextInt(3)))));
        };
    }

    private static final class Member extends RangeIndex.Member {

        private final KeyRange range;

        Member(KeyRange range) {
            this.range = range;
        }
    }
}
