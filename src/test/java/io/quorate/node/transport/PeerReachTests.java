package io.quorate.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.quorate.fixture.CapturedLog;
import io.quorate.fixture.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerReachTests {

    private final ManualClock clock = new ManualClock();
    private final CapturedLog log = new CapturedLog(PeerReach.class).at(Level.INFO);
    private final PeerReach reach = PeerReach.ofMember(() -> "m3 (abc)", clock);

    @AfterEach
    void release() {
        log.close();
    }

    @Test
    void failedWhenSeveralLanesFailSaysItOnceAndAMinuteLaterAgain() {
        reach.failed(Lane.CONTROL, "no connection", false);
        reach.failed(Lane.LOG, "no connection", false);
        reach.failed(Lane.CONTROL, "another reason", false);
        assertThat(log.lines()).containsExactly("member m3 (abc) cannot be reached: no connection");
        clock.advance(Duration.ofMinutes(1));
        reach.failed(Lane.LOG, "no route", false);
        reach.failed(Lane.CONTROL, "no route", false);
        assertThat(log.lines())
                .containsExactly(
                        "member m3 (abc) cannot be reached: no connection",
                        "member m3 (abc) still cannot be reached: no route");
    }

    @Test
    void welcomedWhenAllLanesAreBackSaysItOnce() {
        reach.welcomed(Lane.CONTROL);
        reach.failed(Lane.CONTROL, "closed", false);
        reach.failed(Lane.LOG, "closed", false);
        reach.welcomed(Lane.LOG);
        assertThat(log.lines()).hasSize(1);
        reach.welcomed(Lane.CONTROL);
        reach.welcomed(Lane.CALL);
        assertThat(log.lines())
                .containsExactly("member m3 (abc) cannot be reached: closed", "member m3 (abc) is reachable again");
    }

    @Test
    void failedWhenThePeerBeginsToRefuseSaysSoAtOnce() {
        reach.failed(Lane.CONTROL, "closed", false);
        reach.failed(Lane.LOG, "refused: removed", true);
        reach.failed(Lane.CONTROL, "refused: removed", true);
        assertThat(log.lines())
                .containsExactly(
                        "member m3 (abc) cannot be reached: closed",
                        "member m3 (abc) still cannot be reached: refused: removed");
    }
}
