package io.quorate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.LogLevel;
import org.springframework.mock.env.MockEnvironment;

class SettingsReloadTests {

    private static final String OPS = "quorate.max-txn-ops";

    private final Map<String, @Nullable LogLevel> levels = new TreeMap<>();
    private final TreeMap<String, String> file = new TreeMap<>(Map.of(OPS, "128", "quorate.name", "a"));
    private final LiveSettings settings = new LiveSettings(new MockEnvironment(), start(), levels::put);
    private int touches;
    private int reads;
    private final SettingsReload reload =
            new SettingsReload(settings, new TreeMap<>(file), () -> List.of("touched " + touches), this::read);

    private TreeMap<String, String> read() {
        reads++;
        return new TreeMap<>(file);
    }

    private static LiveSettings.Snapshot start() {
        Binder binder = Binder.get(new MockEnvironment());
        return new LiveSettings.Snapshot(
                binder.bindOrCreate("quorate", ClientSettings.class),
                binder.bindOrCreate("quorate", BackendSettings.class),
                binder.bindOrCreate("quorate.limits", LimitSettings.class));
    }

    private int operations() {
        return settings.now().client().maxTxnOps();
    }

    private void lookTwice() {
        touches++;
        reload.doWork();
        reload.doWork();
    }

    @Test
    void changeWhenSeenOnceIsNotUsedYet() {
        file.put(OPS, "5");
        touches++;
        reload.doWork();
        assertThat(operations()).isEqualTo(128);
        reload.doWork();
        assertThat(operations()).isEqualTo(5);
    }

    @Test
    void filesWhenNoneWasTouchedAreReadOnceAMinute() {
        for (int look = 0; look < 24; look++) {
            reload.doWork();
        }
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void changeWhenInAFileThatNobodyLooksAtIsUsedAfterAMinute() {
        file.put(OPS, "5");
        for (int look = 0; look < 13; look++) {
            reload.doWork();
        }
        assertThat(operations()).isEqualTo(5);
    }

    @Test
    void changeWhenSomethingElseNeedsARestartIsUsed() {
        file.put(OPS, "5");
        file.put("quorate.name", "b");
        lookTwice();
        assertThat(operations()).isEqualTo(5);
    }

    @Test
    void changeWhenAnotherIsBadIsUsedOnceThatIsMended() {
        file.put(OPS, "5");
        file.put("quorate.limits.apply-gap", "-1");
        lookTwice();
        assertThat(operations()).isEqualTo(128);
        file.put("quorate.limits.apply-gap", "5000");
        lookTwice();
        assertThat(operations()).isEqualTo(5);
    }

    @Test
    void levelWhenItLeavesTheFileIsThatOfTheLoggerAbove() {
        file.put("logging.level.x", "debug");
        lookTwice();
        assertThat(levels).containsEntry("x", LogLevel.DEBUG);
        file.remove("logging.level.x");
        lookTwice();
        assertThat(levels).containsEntry("x", null);
    }

    @Test
    void actuatorWhenTheFileIsAsBeforeKeepsItsChange() throws RefusedChangeException {
        settings.change(Map.of(OPS, "6"), "a test");
        lookTwice();
        assertThat(operations()).isEqualTo(6);
        file.put(OPS, "5");
        lookTwice();
        assertThat(operations()).isEqualTo(5);
    }
}
