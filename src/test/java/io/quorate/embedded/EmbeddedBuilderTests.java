package io.quorate.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.LoopbackPorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedBuilderTests {

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 2, 4, 5})
    void membersWhenNeitherOneNorThreeAreRefused(int count) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddedQuorate.builder().members(count))
                .withMessage("a cluster for tests has 1 or 3 members, not " + count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-txn-ops", "quorate.max-txn-opps", "server.port", ""})
    void settingWhenThereIsNoneOfTheNameIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddedQuorate.builder().setting(name, "1"))
                .withMessage("there is no setting " + name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"quorate.data-dir", "quorate.listen-client-urls", "quorate.initial-cluster", "quorate.name"})
    void settingWhenTheClusterDecidesAboutItIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddedQuorate.builder().setting(name, "x"))
                .withMessage(name + " is chosen for each member and cannot be set");
    }

    @Test
    void planWhenSettingsAreChosenLetsThemWinOverItsOwnDefaults() {
        MemberPlan plan = new MemberPlan("m1", 12_001, 12_002, Path.of("data"));

        assertThat(plan.settings("m1=http://127.0.0.1:12002", Map.of()))
                .containsEntry("quorate.unsafe-no-fsync", "true");
        assertThat(plan.settings("m1=http://127.0.0.1:12002", Map.of("quorate.unsafe-no-fsync", "false")))
                .containsEntry("quorate.unsafe-no-fsync", "false")
                .containsEntry("quorate.listen-client-urls", "http://127.0.0.1:12001")
                .containsEntry("quorate.initial-cluster", plan.peer());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S"})
    void clockWhenItIsNotMovedOnRefuses(String by) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MovableClock().advance(Duration.parse(by)))
                .withMessage("a clock moves on only, not by " + by);
    }

    @Test
    void clockWhenItIsMovedMoreThanFiveYearsInAllRefuses() {
        MovableClock clock = new MovableClock();
        clock.advance(Duration.ofDays(1800));

        assertThatThrownBy(() -> clock.advance(Duration.ofDays(26)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a clock moves by five years at most");
        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a clock moves by five years at most");
    }

    @Test
    void clockWhenMovedTellsItsFollowersAndIsAhead() {
        MovableClock clock = new MovableClock();
        List<Duration> told = new ArrayList<>();
        clock.follow(told::add);
        long before = clock.nanos();

        clock.advance(Duration.ofHours(1));

        assertThat(clock.nanos() - before)
                .isGreaterThanOrEqualTo(Duration.ofHours(1).toNanos());
        assertThat(told).containsExactly(Duration.ofHours(1));
    }

    @Test
    void portsWhenAskedForAreNotThoseThatAreRefused() {
        List<Integer> offered = new ArrayList<>();

        int port = LoopbackPorts.free(12_000, 20_000, candidate -> {
            offered.add(candidate);
            return offered.size() > 2;
        });

        assertThat(offered.indexOf(port)).isGreaterThan(1);
    }
}
