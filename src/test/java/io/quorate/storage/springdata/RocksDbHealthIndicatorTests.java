package io.quorate.storage.springdata;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.storage.Database;
import io.quorate.storage.DatabaseStatistics;
import io.quorate.storage.StorageSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class RocksDbHealthIndicatorTests {

    @TempDir
    private Path directory;

    private Database database;
    private RocksDbHealthIndicator indicator;
    private long nanos;
    private DatabaseStatistics statistics = statistics(0, false, 0);

    @BeforeEach
    void open() {
        database = Database.open(directory, StorageSettings.DEFAULTS);
        indicator = new RocksDbHealthIndicator(database, () -> statistics, () -> nanos);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void healthWhenNothingIsWrongIsUp() {
        assertThat(health().getStatus()).isEqualTo(Status.UP);
        assertThat(health().getDetails()).containsEntry("writes", "normal").containsEntry("path", directory.toString());
    }

    @Test
    void healthWhenWritesAreDelayedIsUpAndSaysSo() {
        statistics = statistics(0, false, 1_000_000);

        assertThat(health().getStatus()).isEqualTo(Status.UP);
        assertThat(health().getDetails()).containsEntry("writes", "delayed");
    }

    @Test
    void healthWhenWritesAreStoppedIsOutOfService() {
        statistics = statistics(0, true, 0);

        assertThat(health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health().getDetails()).containsEntry("writes", "stopped");
    }

    @Test
    void healthWhenBackgroundWorkFailedIsOutOfServiceForAMinute() {
        statistics = statistics(1, false, 0);
        assertThat(health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);

        nanos += Duration.ofSeconds(59).toNanos();
        assertThat(health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);

        nanos += Duration.ofSeconds(1).toNanos();
        assertThat(health().getStatus()).isEqualTo(Status.UP);

        statistics = statistics(2, false, 0);
        assertThat(health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
    }

    @Test
    void healthWhenClosedIsDown() {
        database.close();

        assertThat(health().getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void statisticsWhenAskedOftenAreCountedOnceASecond() {
        RecentStatistics recent = new RecentStatistics(database, () -> nanos);
        DatabaseStatistics first = recent.get();

        assertThat(recent.get()).isSameAs(first);
        nanos += Duration.ofSeconds(1).toNanos();
        DatabaseStatistics second = recent.get();
        assertThat(second).isNotSameAs(first);

        database.close();
        nanos += Duration.ofSeconds(1).toNanos();
        assertThat(recent.get()).isSameAs(second);
    }

    private Health health() {
        return indicator.health();
    }

    private static DatabaseStatistics statistics(long backgroundErrors, boolean writesStopped, long delayedWriteRate) {
        return new DatabaseStatistics(
                1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, backgroundErrors, 0, writesStopped, delayedWriteRate);
    }
}
