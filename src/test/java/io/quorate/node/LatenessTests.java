package io.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.quorate.fixture.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LatenessTests {

    private static final long TICK = Duration.ofMillis(100).toNanos();

    private final ManualClock clock = new ManualClock();
    private final Lateness lateness = new Lateness(TICK, clock);
    private final Logger log = (Logger) LoggerFactory.getLogger(Lateness.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void stop() {
        log.detachAppender(lines);
    }

    @Test
    void noteWhenBelowTwoHeartbeatsSaysAndCountsNothing() {
        lateness.note(TICK, true);
        lateness.note(2 * TICK, true);
        assertThat(lines.list).isEmpty();
        assertThat(lateness.heartbeats()).isZero();
    }

    @Test
    void noteWhenAboveCountsForTheLeaderAndLogsOneLineInTenSeconds() {
        lateness.note(2 * TICK + 1, true);
        lateness.note(3 * TICK, false);
        clock.advance(Duration.ofSeconds(9));
        lateness.note(4 * TICK, true);
        assertThat(lines.list).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        lateness.note(5 * TICK, true);
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "ticks are late by 200 ms, the machine is overloaded or was paused",
                        "ticks are late by 500 ms, the machine is overloaded or was paused (2 more since the last such line)");
        assertThat(lateness.heartbeats()).isEqualTo(3);
    }
}
