package io.quorate.storage;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The size of the database between two counts: every write is checked against a quota, and counting takes RocksDB's lock
 * once for each family.
 */
final class SizeEstimate {

    private static final long WRITTEN_BYTES_MAX = 1 << 20;
    private static final long AGE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong written = new AtomicLong();
    private volatile Count count = new Count(0, 0, false);

    private record Count(long bytes, long nanos, boolean valid) {}

    void written(long bytes) {
        written.addAndGet(bytes);
    }

    /** The next question counts anew. */
    void outdated() {
        count = new Count(0, 0, false);
    }

    long get(LongSupplier counting) {
        Count known = count;
        long now = System.nanoTime();
        long since = written.get();
        if (known.valid && since < WRITTEN_BYTES_MAX && now - known.nanos < AGE_NANOS_MAX) {
            return known.bytes + since;
        }
        // Written meanwhile and counted already: better counted twice, for a moment, than not at all.
        written.addAndGet(-since);
        long bytes = counting.getAsLong();
        count = new Count(bytes, now, true);
        return bytes;
    }
}
