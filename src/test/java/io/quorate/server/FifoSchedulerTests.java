package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Agent;
import io.quorate.fixture.MeterReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FifoSchedulerTests {

    private final FifoScheduler scheduler = new FifoScheduler(4);
    private final List<Integer> done = new ArrayList<>();

    @Test
    void doWorkRunsJobsInOrderOfSubmission() {
        for (int i = 0; i < 3; i++) {
            int number = i;
            scheduler.schedule(() -> done.add(number));
        }

        while (scheduler.doWork() == 0) {
            assertThat(done).isNotEmpty();
        }

        assertThat(done).containsExactly(0, 1, 2);
        assertThat(scheduler.pending()).isZero();
    }

    @Test
    void scheduleWhenFullRefusesAndReportsSpaceLater() {
        AtomicInteger space = new AtomicInteger();
        scheduler.onSpace(space::incrementAndGet);
        for (int i = 0; i < 4; i++) {
            assertThat(scheduler.schedule(() -> {})).isTrue();
        }

        assertThat(scheduler.schedule(() -> {})).isFalse();
        assertThat(scheduler.pending()).isEqualTo(4);
        assertThat(new MeterReader(scheduler::register).value("quorate_scheduler_queue_depth"))
                .isEqualTo(4);

        scheduler.doWork();
        assertThat(space).hasValue(1);
        assertThat(scheduler.schedule(() -> {})).isTrue();
    }

    @Test
    void onStopFinishesJobsThatWait() {
        scheduler.schedule(() -> done.add(1));
        scheduler.stop();

        assertThat(scheduler.schedule(() -> done.add(2))).isFalse();
        scheduler.onStop();

        assertThat(done).containsExactly(1);
    }

    @Test
    void doWorkWhenJobFailsLetsTheFailureOutAndCountsItDone() {
        scheduler.schedule(() -> {
            throw new IllegalStateException("broken");
        });

        assertThatThrownBy(scheduler::doWork).hasMessage("broken");
        assertThat(scheduler.pending()).isZero();
    }

    @Test
    void doWorkWhenNothingWaitsRests() {
        assertThat(scheduler.doWork()).isEqualTo(Agent.UNTIL_WOKEN);
    }
}
