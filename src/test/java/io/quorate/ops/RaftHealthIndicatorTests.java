package io.quorate.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class RaftHealthIndicatorTests {

    @Test
    void healthWhenALeaderIsKnownAndEntriesAreAppliedIsUp() {
        Health health = health(FixedMemberStatus.leader());
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsEntry("leader", "abc").containsEntry("appliedIndex", 11L);
    }

    @Test
    void healthWhenNoLeaderIsKnownIsOutOfService() {
        Health health = health(new FixedMemberStatus(
                FixedMemberStatus.consensusBuilder().leaderId(0).build()));
        assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health.getDetails())
                .containsEntry("reason", "no leader is known")
                .containsEntry("leader", "none");
    }

    @Test
    void healthWhenApplyIsBehindIsOutOfService() {
        Health health = health(new FixedMemberStatus(
                FixedMemberStatus.consensusBuilder().committedIndex(112).build()));
        assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health.getDetails()).containsEntry("reason", "101 committed entries are not applied");
    }

    @Test
    void healthWhenTheMemberWasFoundedAnewIsOutOfService() {
        Health health = health(new FixedMemberStatus(FixedMemberStatus.consensusBuilder()
                .term(FixedMemberStatus.FOUNDED_ANEW)
                .build()));
        assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(String.valueOf(health.getDetails().get("reason"))).contains("it was founded anew");
    }

    private static Health health(MemberStatus status) {
        return new RaftHealthIndicator(status, () -> 100).health();
    }
}
