package io.quorate.config;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.config.RefusedChangeException.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.unit.DataSize;

class LiveSettingsTests {

    private final Map<String, @Nullable LogLevel> levels = new TreeMap<>();
    private final MockEnvironment environment =
            new MockEnvironment().withProperty("quorate.max-txn-ops", "7").withProperty("logging.level.root", "info");
    private final LiveSettings settings = settings(environment);

    private LiveSettings settings(MockEnvironment from) {
        Binder binder = Binder.get(from);
        LiveSettings.Snapshot start = new LiveSettings.Snapshot(
                binder.bindOrCreate("quorate", ClientSettings.class),
                binder.bindOrCreate("quorate", BackendSettings.class),
                binder.bindOrCreate("quorate.limits", LimitSettings.class));
        return new LiveSettings(from, start, levels::put);
    }

    private void assertRefused(Map<String, String> wanted, Reason reason, String... words) {
        LiveSettings.Snapshot before = settings.now();
        assertThatThrownBy(() -> settings.change(wanted, "a test"))
                .isInstanceOfSatisfying(RefusedChangeException.class, refusal -> {
                    assertThat(refusal.reason()).isEqualTo(reason);
                    assertThat(refusal).hasMessageContainingAll(words);
                });
        assertThat(settings.now()).isSameAs(before);
        assertThat(levels).isEmpty();
    }

    @Test
    void changeWhenAllIsWellPublishesTheNewValuesAndKeepsTheOthers() throws RefusedChangeException {
        settings.change(
                Map.of(
                        "quorate.quota-backend-bytes", "3MB",
                        "quorate.auto-compaction-retention", "30m",
                        "quorate.warning-apply-duration", "1s",
                        "quorate.limits.apply-gap", "9"),
                "a test");
        assertThat(settings.now().backend().quotaBackendBytes()).isEqualTo(DataSize.ofMegabytes(3));
        assertThat(settings.now().backend().autoCompaction())
                .isEqualTo(new AutoCompaction.Periodic(Duration.ofMinutes(30)));
        assertThat(settings.now().backend().warningApplyDuration()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.now().limits().applyGap()).isEqualTo(9);
        assertThat(settings.now().client().maxTxnOps()).isEqualTo(7);
    }

    @Test
    void changeWhenMadeTwiceKeepsTheLaterValueAndTheOtherSetting() throws RefusedChangeException {
        settings.change(Map.of("quorate.max-txn-ops", "8", "quorate.limits.apply-gap", "9"), "a test");
        settings.change(Map.of("quorate.max-txn-ops", "10"), "a test");
        assertThat(settings.now().client().maxTxnOps()).isEqualTo(10);
        assertThat(settings.now().limits().applyGap()).isEqualTo(9);
    }

    @Test
    void changeWhenLevelsOfTheLogAreInItSetsThem() throws RefusedChangeException {
        settings.change(Map.of("logging.level.io.quorate", "debug", "logging.level.a", "false"), "a test");
        assertThat(levels).containsEntry("io.quorate", LogLevel.DEBUG).containsEntry("a", LogLevel.OFF);
        settings.change(Map.of("logging.level.io.quorate", ""), "a test");
        assertThat(levels).containsEntry("io.quorate", null);
    }

    @Test
    void changeWhenOneNeedsARestartMakesNone() {
        assertRefused(
                Map.of("quorate.max-txn-ops", "8", "logging.level.x", "debug", "quorate.data-dir", "elsewhere"),
                Reason.NEEDS_RESTART,
                "quorate.data-dir",
                "needs a restart");
    }

    @Test
    void changeWhenOneIsUnknownMakesNone() {
        assertRefused(
                Map.of("quorate.max-txn-ops", "8", "quorate.max-txn-opps", "8"),
                Reason.UNKNOWN,
                "quorate.max-txn-opps",
                "no such setting");
    }

    @Test
    void changeWhenAValueIsOutOfBoundsIsRefusedWithTheWordsOfTheStart() {
        assertRefused(
                Map.of("quorate.max-txn-ops", "0", "logging.level.x", "debug"),
                Reason.BAD_VALUE,
                "quorate.max-txn-ops = 0",
                "must be at least 1");
    }

    @Test
    void changeWhenAValueIsNoNumberNamesTheSetting() {
        assertRefused(Map.of("quorate.max-txn-ops", "many"), Reason.BAD_VALUE, "quorate.max-txn-ops = many");
    }

    @Test
    void changeWhenALevelDoesNotExistIsRefused() {
        assertRefused(Map.of("logging.level.x", "loud"), Reason.BAD_VALUE, "logging.level.x = loud", "must be one of");
        assertRefused(Map.of("logging.level.root", ""), Reason.BAD_VALUE, "logging.level.root");
    }

    @Test
    void allWhenAskedTellsValueOriginAndAbility() throws RefusedChangeException {
        settings.change(Map.of("quorate.limits.apply-gap", "9"), "a test");
        SortedMap<String, LiveSettings.Setting> all = settings.all();
        assertThat(all.get("quorate.limits.apply-gap"))
                .isEqualTo(new LiveSettings.Setting("9", "changed at run time by a test", "run time"));
        assertThat(present(all.get("quorate.max-txn-ops")).value()).isEqualTo("7");
        assertThat(present(all.get("quorate.name")).change()).isEqualTo("restart");
        assertThat(present(all.get("logging.level.root")).change()).isEqualTo("run time");
        assertThat(all).containsKeys(SettingNames.all().toArray(String[]::new));
    }
}
