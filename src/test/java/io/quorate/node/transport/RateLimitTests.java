package io.quorate.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.Throttle;
import io.quorate.fixture.ManualClock;
import org.junit.jupiter.api.Test;

class RateLimitTests {

    private final ManualClock clock = new ManualClock();
    private final RateLimit limit = new RateLimit(clock);

    @Test
    void admitWhenOfOneKindLetsOneThroughAnInterval() {
        assertThat(limit.admit("a")).isZero();
        assertThat(limit.admit("a")).isEqualTo(Throttle.HELD_BACK);
        assertThat(limit.admit("a")).isEqualTo(Throttle.HELD_BACK);
        clock.advance(RateLimit.INTERVAL);
        assertThat(limit.admit("a")).isEqualTo(2);
        assertThat(limit.admit("a")).isEqualTo(Throttle.HELD_BACK);
    }

    /** Each would pass if only the last kind counted. */
    @Test
    void admitWhenKindsAlternateHoldsBothBack() {
        assertThat(limit.admit("a")).isZero();
        assertThat(limit.admit("b")).isZero();
        assertThat(limit.admit("a")).isEqualTo(Throttle.HELD_BACK);
        assertThat(limit.admit("b")).isEqualTo(Throttle.HELD_BACK);
    }

    @Test
    void admitWhenEveryKindIsNewLetsSoManyThroughAnInterval() {
        for (int i = 0; i < 1000; i++) {
            assertThat(limit.admit("kind " + i)).isEqualTo(i < RateLimit.KINDS_MAX ? 0 : Throttle.HELD_BACK);
        }
        clock.advance(RateLimit.INTERVAL);
        assertThat(limit.admit("another")).isZero();
    }
}
