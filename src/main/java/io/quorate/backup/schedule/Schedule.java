package io.quorate.backup.schedule;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times at which something is to be done. */
@FunctionalInterface
public interface Schedule {

    /** The first time behind another; null if there is none. */
    @Nullable
    Instant next(Instant behind);

    /** Whether a time of this has come since another, or comes now. */
    default boolean isDue(Instant since, Instant now) {
        Instant next = next(since);
        return next != null && !next.isAfter(now);
    }
}
