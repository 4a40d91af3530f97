package io.quorate.storage.springdata;

import io.quorate.base.MonotonicClock;
import io.quorate.storage.Database;
import io.quorate.storage.DatabaseStatistics;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The statistics of a database, at most a second old: one scrape asks for a dozen numbers, which are counted once. After
 * the database was closed these are the last ones known.
 */
final class RecentStatistics implements Supplier<DatabaseStatistics> {

    private static final long AGE_NANOS_MAX = Duration.ofSeconds(1).toNanos();

    private final Database database;
    private final MonotonicClock clock;
    private volatile @Nullable Taken taken;

    private record Taken(DatabaseStatistics statistics, long nanos) {}

    RecentStatistics(Database database, MonotonicClock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public DatabaseStatistics get() {
        Taken known = taken;
        long now = clock.nanos();
        if (known != null && (now - known.nanos < AGE_NANOS_MAX || !database.isOpen())) {
            return known.statistics;
        }
        DatabaseStatistics counted = database.statistics();
        taken = new Taken(counted, now);
        return counted;
    }
}
