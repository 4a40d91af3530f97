package io.quorate.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThrottleTests {

    @Test
    void admitWhenAskedTooOftenHoldsBackAndTellsHowOften() {
        ManualClock clock = new ManualClock();
        Throttle throttle = new Throttle(Duration.ofSeconds(1), clock);
        assertThat(throttle.admit()).isZero();
        assertThat(throttle.admit()).isEqualTo(Throttle.HELD_BACK);
        assertThat(throttle.admit()).isEqualTo(Throttle.HELD_BACK);
        clock.advance(Duration.ofSeconds(1));
        assertThat(throttle.admit()).isEqualTo(2);
        assertThat(throttle.admit()).isEqualTo(Throttle.HELD_BACK);
        clock.advance(Duration.ofSeconds(5));
        assertThat(throttle.admit()).isEqualTo(1);
    }
}
