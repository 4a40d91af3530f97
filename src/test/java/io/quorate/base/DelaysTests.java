package io.quorate.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DelaysTests {

    private final ManualClock clock = new ManualClock();
    private final Delays delays = new Delays(clock);
    private final List<String> done = new ArrayList<>();

    private void pass(Duration time) {
        clock.advance(time);
        delays.poll(clock.nanos());
    }

    @Test
    void actionWhenItsPauseIsOverIsDoneOnce() {
        delays.after(Duration.ofSeconds(2), () -> done.add("late"));
        delays.executor(Duration.ofSeconds(1)).execute(() -> done.add("early"));
        pass(Duration.ofMillis(999));
        assertThat(done).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(done).containsExactly("early");
        pass(Duration.ofSeconds(9));
        pass(Duration.ofSeconds(9));
        assertThat(done).containsExactly("early", "late");
    }

    @Test
    void actionWhenItFailsDoesNotKeepTheOthers() {
        delays.after(Duration.ZERO, () -> {
            throw new IllegalStateException("broken");
        });
        delays.after(Duration.ofNanos(1), () -> done.add("next"));
        pass(Duration.ofSeconds(1));
        assertThat(done).containsExactly("next");
    }

    @Test
    void actionWhenItAsksForAnotherGetsItAtALaterPoll() {
        delays.after(Duration.ZERO, () -> delays.after(Duration.ZERO, () -> done.add("again")));
        pass(Duration.ZERO);
        assertThat(done).isEmpty();
        pass(Duration.ZERO);
        assertThat(done).containsExactly("again");
    }
}
