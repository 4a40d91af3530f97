package io.quorate.storage.springdata;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.base.MonotonicClock;
import io.quorate.storage.Database;
import io.quorate.storage.DatabaseStatistics;
import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Whether the database works. Down when it is closed or a write failed, which nothing but a restart cures; out of service
 * while writes stand still, or for a minute after a flush or compaction failed, for example on a full disk: both may pass.
 */
final class RocksDbHealthIndicator extends AbstractHealthIndicator {

    private static final long ERROR_SHOWN_NANOS = Duration.ofMinutes(1).toNanos();

    private final Database database;
    private final Supplier<DatabaseStatistics> recent;
    private final MonotonicClock clock;
    /** Guarded by this. */
    @GuardedBy("this")
    private long knownErrors;
    /** When {@link #knownErrors} last grew; guarded by this. */
    @GuardedBy("this")
    private long errorNanos;

    RocksDbHealthIndicator(Database database, Supplier<DatabaseStatistics> recent, MonotonicClock clock) {
        super("The state of the database is not known");
        this.database = database;
        this.recent = recent;
        this.clock = clock;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.withDetail("path", database.directory().toString());
        Throwable failure = database.failure();
        if (failure != null) {
            builder.down(failure);
            return;
        }
        if (!database.isOpen()) {
            builder.down().withDetail("reason", "closed");
            return;
        }
        DatabaseStatistics statistics = recent.get();
        builder.withDetail("backgroundErrors", statistics.backgroundErrors())
                .withDetail("writes", writes(statistics))
                .withDetail("bytes", statistics.sizeBytes());
        if (statistics.writesStopped() || hasNewErrors(statistics.backgroundErrors())) {
            builder.outOfService();
        } else {
            builder.up();
        }
    }

    private static String writes(DatabaseStatistics statistics) {
        if (statistics.writesStopped()) {
            return "stopped";
        }
        return statistics.delayedWriteRate() > 0 ? "delayed" : "normal";
    }

    private synchronized boolean hasNewErrors(long errors) {
        long now = clock.nanos();
        if (errors > knownErrors) {
            knownErrors = errors;
            errorNanos = now;
        }
        return knownErrors > 0 && now - errorNanos < ERROR_SHOWN_NANOS;
    }
}
