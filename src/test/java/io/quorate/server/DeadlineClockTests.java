package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlineClockTests {

    private static final Duration STEP = Duration.ofMillis(100);

    private final ManualClock time = new ManualClock();
    private final List<Long> polled = new ArrayList<>();
    private final List<String> order = new ArrayList<>();
    private long leaseRest = Long.MAX_VALUE;
    private int leaseLooks;

    private final DeadlineClock timer = new DeadlineClock(
            () -> {
                leaseLooks++;
                return leaseRest;
            },
            List.of(
                    now -> {
                        polled.add(now);
                        order.add("first");
                    },
                    now -> order.add("second")),
            time);

    @Test
    void doWorkWhenAStepIsDueCallsEachInOrderWithTheTime() {
        assertThat(timer.doWork()).isEqualTo(STEP.toNanos());
        assertThat(polled).containsExactly(time.nanos());
        assertThat(order).containsExactly("first", "second");
    }

    @Test
    void doWorkWhenWokenWithinAStepLooksAtTheLeasesOnly() {
        timer.doWork();
        time.advance(STEP.minusNanos(1));
        assertThat(timer.doWork()).isEqualTo(1);
        assertThat(polled).hasSize(1);
        assertThat(leaseLooks).isEqualTo(2);
        time.advance(Duration.ofNanos(1));
        timer.doWork();
        assertThat(polled).hasSize(2);
    }

    /** What was missed is not made up for: one look after a pause sees everything that is due. */
    @Test
    void doWorkWhenStepsWereMissedMakesOne() {
        timer.doWork();
        time.advance(STEP.multipliedBy(10));
        assertThat(timer.doWork()).isEqualTo(STEP.toNanos());
        timer.doWork();
        assertThat(polled).hasSize(2);
    }

    @Test
    void doWorkWhenALeaseRunsOutSoonerRestsUntilThen() {
        leaseRest = 7;
        assertThat(timer.doWork()).isEqualTo(7);
    }
}
