package io.quorate.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeaseSettingsTests {

    private static final LeaseSettings GOOD = LeaseSettings.forElectionTimeout(Duration.ofSeconds(1));

    static Stream<UnaryOperator<LeaseSettings>> senseless() {
        return Stream.of(
                good -> good.withTtlMinSeconds(0),
                good -> good.withExpiryInterval(Duration.ZERO),
                good -> good.withExpiryBatch(0),
                good -> good.withExpiryRetry(Duration.ZERO),
                good -> good.withCheckpointInterval(Duration.ZERO),
                good -> good.withCheckpointBatch(0),
                good -> good.withCheckpointRetry(Duration.ZERO));
    }

    @ParameterizedTest
    @MethodSource("senseless")
    void settingsWhenSenselessAreRefused(UnaryOperator<LeaseSettings> change) {
        assertThatThrownBy(() -> change.apply(GOOD)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void settingsTakeTheShortestTimeFromTheElection() {
        assertThat(GOOD.ttlMinSeconds()).isEqualTo(2);
        assertThat(LeaseSettings.forElectionTimeout(Duration.ofSeconds(2)).ttlMinSeconds())
                .isEqualTo(3);
        assertThat(GOOD.revokedPerSecond()).isEqualTo(1_000);
    }
}
