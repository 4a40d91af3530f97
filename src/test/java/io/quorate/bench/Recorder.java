package io.quorate.bench;

import org.HdrHistogram.Histogram;

/** Latencies of one event loop; not safe for threads. */
final class Recorder {

    private static final long HIGHEST_NANOS = 60_000_000_000L;
    private static final int DIGITS = 3;

    private final Histogram histogram = new Histogram(1_000, HIGHEST_NANOS, DIGITS);
    private long errors;
    private long retries;

    void record(long nanos, boolean ok) {
        if (ok) {
            histogram.recordValue(Math.clamp(nanos, 1, HIGHEST_NANOS));
        } else {
            errors++;
        }
    }

    void retried() {
        retries++;
    }

    void addTo(Histogram all) {
        all.add(histogram);
    }

    long errors() {
        return errors;
    }

    long retries() {
        return retries;
    }

    static Histogram emptyHistogram() {
        return new Histogram(1_000, HIGHEST_NANOS, DIGITS);
    }
}
