package io.quorate.node;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/** Counts operations as they complete, and their latencies. One thread adds, another looks. */
final class Completions {

    private static final long LATENCY_MAX_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int DIGITS = 2;
    private static final long POLL_NANOS = 20_000;

    private final AtomicLong count = new AtomicLong();
    private final ConcurrentHistogram latencies = new ConcurrentHistogram(LATENCY_MAX_NANOS, DIGITS);

    void add(long startedNanos) {
        latencies.recordValue(Math.min(LATENCY_MAX_NANOS, System.nanoTime() - startedNanos));
        count.incrementAndGet();
    }

    /** Waits until so many more are done; returns how many are. */
    long await(long more) {
        long goal = count.get() + more;
        while (count.get() < goal) {
            LockSupport.parkNanos(this, POLL_NANOS);
        }
        return goal;
    }

    /** Begins to collect latencies anew. */
    void forget() {
        latencies.reset();
    }

    double percentileMicros(double percent) {
        return latencies.getValueAtPercentile(percent) / 1e3;
    }
}
