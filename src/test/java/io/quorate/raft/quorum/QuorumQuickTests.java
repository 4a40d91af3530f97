package io.quorate.raft.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.raft.quorum.MajorityConfig.AckedIndexes;
import io.quorate.raft.quorum.MajorityConfig.VoteResult;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Compares with the definition of a majority, tried out on every index. */
class QuorumQuickTests {

    private static final int RUNS = 20_000;

    @Test
    void committedIndexIsTheHighestThatAMajorityHolds() {
        Random random = new Random(1);
        for (int run = 0; run < RUNS; run++) {
            IdSet voters = randomIds(random);
            Map<Long, Long> acked = new HashMap<>();
            for (long id = 0; id < 8; id++) {
                if (random.nextBoolean()) {
                    acked.put(id, (long) random.nextInt(6));
                }
            }
            long actual = new MajorityConfig(voters).committedIndex(id -> acked.getOrDefault(id, AckedIndexes.UNKNOWN));
            assertThat(actual).as("%s %s", voters, acked).isEqualTo(naiveCommitted(voters, acked));
        }
    }

    private static long naiveCommitted(IdSet voters, Map<Long, Long> acked) {
        if (voters.isEmpty()) {
            return MajorityConfig.INFINITE_INDEX;
        }
        long best = 0;
        for (long index = 1; index < 7; index++) {
            long candidate = index;
            long holders = voters.toList().stream()
                    .filter(id -> acked.getOrDefault(id, 0L) >= candidate)
                    .count();
            if (2 * holders > voters.size()) {
                best = index;
            }
        }
        return best;
    }

    @Test
    void voteIsDecidedOnceNoAnswerCanChangeIt() {
        Random random = new Random(2);
        for (int run = 0; run < RUNS; run++) {
            IdSet voters = randomIds(random);
            Map<Long, Boolean> ballots = new HashMap<>();
            for (long id = 0; id < 8; id++) {
                if (random.nextInt(3) > 0) {
                    ballots.put(id, random.nextBoolean());
                }
            }
            assertThat(new MajorityConfig(voters).voteResult(ballots::get))
                    .as("%s %s", voters, ballots)
                    .isEqualTo(naiveVote(voters, ballots));
        }
    }

    private static VoteResult naiveVote(IdSet voters, Map<Long, Boolean> ballots) {
        boolean ifAllAgree = wins(voters, ballots, true);
        boolean ifNoneAgrees = wins(voters, ballots, false);
        if (ifAllAgree && ifNoneAgrees) {
            return VoteResult.WON;
        }
        return ifAllAgree ? VoteResult.PENDING : VoteResult.LOST;
    }

    private static boolean wins(IdSet voters, Map<Long, Boolean> ballots, boolean missing) {
        long granted = voters.toList().stream()
                .filter(id -> ballots.getOrDefault(id, missing))
                .count();
        return voters.isEmpty() || 2 * granted > voters.size();
    }

    @Test
    void idSetBehavesLikeASortedSet() {
        Random random = new Random(3);
        IdSet set = IdSet.EMPTY;
        TreeSet<Long> model = new TreeSet<>(Long::compareUnsigned);
        for (int run = 0; run < RUNS; run++) {
            long id = random.nextInt(12) - 4;
            if (random.nextBoolean()) {
                set = set.with(id);
                model.add(id);
            } else {
                set = set.without(id);
                model.remove(id);
            }
            assertThat(set.toList()).containsExactlyElementsOf(model);
            assertThat(set.contains(id)).isEqualTo(model.contains(id));
        }
    }

    @Test
    void idsAreShownInHexadecimalAndOrderedWithoutSign() {
        assertThat(IdSet.of(-1, 10, 3)).hasToString("(3 a ffffffffffffffff)");
    }

    private static IdSet randomIds(Random random) {
        IdSet ids = IdSet.EMPTY;
        int size = random.nextInt(7);
        for (int i = 0; i < size; i++) {
            ids = ids.with(random.nextInt(8));
        }
        return ids;
    }
}
