package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PingRuleTests {

    private static final long SECOND = 1_000_000_000L;

    private final PingRule rule = new PingRule(Duration.ofSeconds(5));
    private long now = -3 * SECOND;

    private boolean pingAfter(int seconds) {
        now += seconds * SECOND;
        return rule.admits(now, true);
    }

    private boolean idlePingAfter(int seconds) {
        now += seconds * SECOND;
        return rule.admits(now, false);
    }

    @Test
    void pingsWhenNoCallGoesOnAreAdmittedEachTwoHours() {
        for (int i = 0; i < 10; i++) {
            assertThat(idlePingAfter(7200)).isTrue();
        }
        assertThat(idlePingAfter(7199)).isTrue();
        assertThat(idlePingAfter(600)).isTrue();
        assertThat(pingAfter(600)).isTrue(); // a call has begun
        assertThat(idlePingAfter(600)).isFalse();
    }

    @Test
    void pingsWhenTheSettingIsZeroAreAdmittedEachFiveMinutes() {
        PingRule usual = new PingRule(Duration.ZERO);
        for (int i = 0; i < 10; i++) {
            assertThat(usual.admits(i * 300 * SECOND, true)).isTrue();
        }
        assertThat(usual.admits(2701 * SECOND, true)).isTrue();
        assertThat(usual.admits(2702 * SECOND, true)).isTrue();
        assertThat(usual.admits(2703 * SECOND, true)).isFalse();
    }

    @Test
    void pingsWhenTheyComeAtTheIntervalAreAdmitted() {
        for (int i = 0; i < 10; i++) {
            assertThat(pingAfter(5)).isTrue();
        }
    }

    @Test
    void pingsWhenTooSoonAreAdmittedTwice() {
        assertThat(pingAfter(0)).isTrue();
        assertThat(pingAfter(4)).isTrue();
        assertThat(pingAfter(4)).isTrue();
        assertThat(pingAfter(4)).isFalse();
    }

    @Test
    void strikesWhenPingsComeInTimeBetweenThemStay() {
        pingAfter(0);
        pingAfter(1);
        pingAfter(60);
        pingAfter(1);
        assertThat(pingAfter(60)).isTrue();
        assertThat(pingAfter(1)).isFalse();
    }

    @Test
    void strikesWhenSomethingWasSentAreForgotten() {
        pingAfter(0);
        pingAfter(1);
        pingAfter(1);
        rule.sent();
        assertThat(pingAfter(1)).isTrue();
        assertThat(pingAfter(1)).isTrue();
        assertThat(pingAfter(1)).isTrue();
        assertThat(pingAfter(1)).isFalse();
    }
}
