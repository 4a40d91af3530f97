package io.quorate.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class ThreadsHealthIndicatorTests {

    @Test
    void healthWhenAllThreadsRunIsUp() {
        assertThat(new ThreadsHealthIndicator(FixedMemberStatus.leader())
                        .health()
                        .getStatus())
                .isEqualTo(Status.UP);
    }

    @Test
    void healthWhenAThreadEndedIsDown() {
        MemberStatus status =
                new FixedMemberStatus(FixedMemberStatus.consensusBuilder().build(), false);
        Health health = new ThreadsHealthIndicator(status).health();
        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails()).containsEntry("reason", "a thread of the member ended");
    }
}
