package io.quorate.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.CallTrace.Step;
import io.quorate.fixture.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallTraceTests {

    private final ManualClock clock = new ManualClock();
    private final CallTrace trace = new CallTrace(clock);

    private void after(int millis, Step step) {
        clock.advance(Duration.ofMillis(millis));
        trace.reach(step);
    }

    @Test
    void stepsWhenAWriteIsAnsweredTellTheTimeOfEach() {
        after(1, Step.RECEIVED);
        after(2, Step.PROPOSED);
        after(300, Step.COMMITTED);
        after(4, Step.APPLIED);
        clock.advance(Duration.ofMillis(5));
        assertThat(trace.steps(clock.nanos()))
                .isEqualTo("received 1.0, proposed 2.0, committed 300.0, applied 4.0, answered 5.0");
    }

    @Test
    void stepsWhenACallEndsEarlyShowWhereItWas() {
        after(1, Step.RECEIVED);
        after(2, Step.PROPOSED);
        clock.advance(Duration.ofSeconds(7));
        assertThat(trace.steps(clock.nanos())).isEqualTo("received 1.0, proposed 2.0, answered 7000.0");
        assertThat(trace.nanosUntil(clock.nanos())).isEqualTo(7_003_000_000L);
    }

    @Test
    void stepsWhenAReadStartsOverTellTheLastTime() {
        after(1, Step.READING);
        after(10, Step.READING);
        after(5, Step.READ);
        assertThat(trace.steps(clock.nanos())).isEqualTo("reading 11.0, read 5.0, answered 0.0");
    }

    @Test
    void idIsThatOfTheRequestOrElseOneThatStays() {
        assertThat(trace.id()).hasSize(16).isEqualTo(trace.id());
        trace.requestId(0xabcL);
        assertThat(trace.id()).isEqualTo("0000000000000abc").isEqualTo(CallTrace.hex(0xabcL));
    }

    @Test
    void noneKeepsNothing() {
        CallTrace.NONE.requestId(7);
        CallTrace.NONE.subject("a request");
        CallTrace.NONE.reach(Step.APPLIED, 5);
        assertThat(CallTrace.NONE.subject()).isEqualTo("");
        assertThat(CallTrace.NONE.steps(1_000_000)).isEqualTo("answered 1.0");
    }

    @Test
    void currentIsWhatWasEnteredUntilTheOneBeforeIs() {
        assertThat(CallTrace.current()).isSameAs(CallTrace.NONE);
        CallTrace before = trace.enter();
        assertThat(CallTrace.current()).isSameAs(trace);
        before.enter();
        assertThat(CallTrace.current()).isSameAs(CallTrace.NONE);
    }
}
