package io.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.raft.RaftConfig;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemberRaftConfigTests {

    private static final int ELECTION_TICKS = 10;

    private final RaftConfig config = MemberRaftConfig.config(7, ELECTION_TICKS, true);

    @Test
    void configIsThatOfAMemberWhoseWritesAreAsynchronous() {
        assertThat(config.id()).isEqualTo(7);
        assertThat(config.electionTicks()).isEqualTo(ELECTION_TICKS);
        assertThat(config.asyncStorageWrites()).isTrue();
        assertThat(config.checkQuorum()).isTrue();
        assertThat(config.stepDownOnRemoval()).isTrue();
        assertThat(config.preVote()).isTrue();
        assertThat(MemberRaftConfig.config(7, ELECTION_TICKS, false).preVote()).isFalse();
        assertThat(config.maxUncommittedSize()).isPositive();
    }

    /** Members that always drew the same would campaign together and elect nobody. */
    @Test
    void randomDrawsDifferentNumbersBelowTheBound() {
        assertThat(IntStream.range(0, 200).map(i -> config.random().applyAsInt(ELECTION_TICKS)))
                .allMatch(drawn -> drawn >= 0 && drawn < ELECTION_TICKS);
        assertThat(IntStream.range(0, 200)
                        .map(i -> config.random().applyAsInt(ELECTION_TICKS))
                        .distinct()
                        .count())
                .isGreaterThan(1);
    }
}
