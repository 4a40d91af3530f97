package io.quorate.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.config.BackendSettings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class LiveCompactionTests {

    private static final long LOOK = Duration.ofMinutes(5).toNanos();

    private final AtomicReference<BackendSettings> settings = new AtomicReference<>(with(Map.of()));
    private final LiveCompaction schedule = new LiveCompaction(settings::get, () -> 0);

    private static BackendSettings with(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate("quorate", BackendSettings.class);
    }

    private static BackendSettings keeping(int revisions) {
        return with(Map.of(
                "quorate.auto-compaction-mode", "revision", "quorate.auto-compaction-retention", "" + revisions));
    }

    @Test
    void dueWhenTheSettingsTurnItOnBeginsThen() {
        assertThat(schedule.due(LOOK, 1000)).isZero();
        settings.set(keeping(100));
        assertThat(schedule.due(2 * LOOK, 1000)).isZero();
        assertThat(schedule.due(3 * LOOK, 1000)).isEqualTo(900);
    }

    @Test
    void dueWhenAnotherSettingChangesGoesOnAsBefore() {
        settings.set(keeping(100));
        assertThat(schedule.due(0, 1000)).isZero();
        settings.set(with(Map.of(
                "quorate.auto-compaction-mode", "revision",
                "quorate.auto-compaction-retention", "100",
                "quorate.warning-apply-duration", "7s")));
        assertThat(schedule.due(LOOK, 1000)).isEqualTo(900);
    }

    @Test
    void dueWhenTheSettingsTurnItOffIsNever() {
        settings.set(keeping(100));
        assertThat(schedule.due(0, 1000)).isZero();
        settings.set(with(Map.of()));
        assertThat(schedule.due(9 * LOOK, 1000)).isZero();
    }
}
