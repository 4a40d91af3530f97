package io.quorate.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchSettingsTests {

    private static final Map<String, ThrowingCallable> ZEROES = Map.ofEntries(
            Map.entry("bufferMessages", () -> WatchSettings.DEFAULTS.withBufferMessages(0)),
            Map.entry("bufferBytes", () -> WatchSettings.DEFAULTS.withBufferBytes(0)),
            Map.entry("requestBacklog", () -> WatchSettings.DEFAULTS.withRequestBacklog(0)),
            Map.entry("catchUpRevisions", () -> WatchSettings.DEFAULTS.withCatchUpRevisions(0)),
            Map.entry("catchUpBytes", () -> WatchSettings.DEFAULTS.withCatchUpBytes(0)),
            Map.entry("catchUpWatchers", () -> WatchSettings.DEFAULTS.withCatchUpWatchers(0)),
            Map.entry("catchUpEvents", () -> WatchSettings.DEFAULTS.withCatchUpEvents(0)),
            Map.entry("catchUpInterval", () -> WatchSettings.DEFAULTS.withCatchUpInterval(Duration.ZERO)),
            Map.entry("victimInterval", () -> WatchSettings.DEFAULTS.withVictimInterval(Duration.ZERO)),
            Map.entry("fragmentBytes", () -> WatchSettings.DEFAULTS.withFragmentBytes(0)),
            Map.entry("recentRevisions", () -> WatchSettings.DEFAULTS.withRecentRevisions(0)),
            Map.entry("recentBytes", () -> WatchSettings.DEFAULTS.withRecentBytes(0)));

    /** With nothing of it no watcher would ever come further. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bufferMessages",
                "bufferBytes",
                "requestBacklog",
                "catchUpRevisions",
                "catchUpBytes",
                "catchUpWatchers",
                "catchUpEvents",
                "catchUpInterval",
                "victimInterval",
                "fragmentBytes",
                "recentRevisions",
                "recentBytes"
            })
    void newWhenASettingIsNotPositiveIsRefusedByName(String name) {
        assertThatThrownBy(ZEROES.get(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(name + " must be positive");
    }

    @Test
    void newWhenAllIsAtItsLeastIsAccepted() {
        WatchSettings least = WatchSettings.DEFAULTS
                .withBufferMessages(1)
                .withBufferBytes(1)
                .withRecentRevisions(1)
                .withCatchUpRevisions(1)
                .withCatchUpInterval(Duration.ofNanos(1));
        assertThat(least.bufferBytes()).isEqualTo(1);
    }
}
