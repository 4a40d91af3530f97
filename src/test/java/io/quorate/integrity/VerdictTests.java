package io.quorate.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerdictTests {

    private static final HistoryHash RIGHT = new HistoryHash(1, 10, 5);
    private static final HistoryHash WRONG = new HistoryHash(2, 10, 5);
    private static final HistoryHash OTHER = new HistoryHash(3, 10, 5);

    private static Verdict verdict(int members, Map<Long, HistoryHash> hashes) {
        return Verdict.of(RIGHT, hashes, members);
    }

    @Test
    void verdictWhenAllAreEqualIsAlike() {
        assertThat(verdict(3, Map.of(1L, RIGHT, 2L, RIGHT, 3L, RIGHT))).isEqualTo(new Verdict.Alike());
        assertThat(verdict(3, Map.of(1L, RIGHT))).isEqualTo(new Verdict.Alike());
    }

    @Test
    void verdictWhenOneDiffersFromTheMajorityNamesIt() {
        assertThat(verdict(3, Map.of(1L, RIGHT, 2L, WRONG, 3L, RIGHT))).isEqualTo(new Verdict.Differing(Set.of(2L)));
    }

    @Test
    void verdictWhenTheMajorityDiffersFromTheLeaderNamesTheLeader() {
        assertThat(verdict(3, Map.of(1L, RIGHT, 2L, WRONG, 3L, WRONG))).isEqualTo(new Verdict.Differing(Set.of(1L)));
    }

    @Test
    void verdictWhenSeveralDifferNamesAll() {
        assertThat(verdict(5, Map.of(1L, RIGHT, 2L, WRONG, 3L, OTHER, 4L, RIGHT, 5L, RIGHT)))
                .isEqualTo(new Verdict.Differing(Set.of(2L, 3L)));
    }

    @Test
    void verdictWhenNoMajorityOfTheClusterAgreesIsUndecided() {
        assertThat(verdict(2, Map.of(1L, RIGHT, 2L, WRONG))).isEqualTo(new Verdict.Undecided());
        assertThat(verdict(5, Map.of(1L, RIGHT, 2L, WRONG, 3L, RIGHT))).isEqualTo(new Verdict.Undecided());
    }

    @Test
    void verdictWhenAHashIsAboutSomethingElsePassesItOver() {
        assertThat(verdict(3, Map.of(1L, RIGHT, 2L, new HistoryHash(2, 10, 6), 3L, new HistoryHash(2, 9, 5))))
                .isEqualTo(new Verdict.Alike());
    }

    @Test
    void hashWhenDecodedIsWhatWasEncoded() {
        assertThat(HistoryHash.decode(RIGHT.encode())).isEqualTo(RIGHT);
    }
}
