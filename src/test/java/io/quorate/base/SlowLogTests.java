package io.quorate.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlowLogTests {

    private final ManualClock clock = new ManualClock();

    @Test
    void isSlowWhenJustAtTheLimitIsNot() {
        SlowLog slow = new SlowLog(() -> Duration.ofMillis(5), clock);
        assertThat(slow.isSlow(5_000_000)).isFalse();
        assertThat(slow.isSlow(5_000_001)).isTrue();
    }

    @Test
    void isSlowWhenTheLimitIsZeroNeverIs() {
        assertThat(new SlowLog(() -> Duration.ZERO, clock).isSlow(Long.MAX_VALUE))
                .isFalse();
    }

    @Test
    void noteWhenHeldBackCountsAllTheSame() {
        SlowLog slow = new SlowLog(() -> Duration.ofMillis(5), clock);
        slow.note(() -> "a thing", 6_000_000);
        slow.note(() -> "a thing", 6_000_000);
        assertThat(slow.count()).isEqualTo(2);
    }
}
