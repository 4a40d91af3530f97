package io.quorate.bench;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What came of a run.
 *
 * @param options what was run
 * @param latencies of the calls, or of the events of watchers, in nanoseconds
 * @param errors calls that failed; they are not among the latencies
 * @param retries calls that were made again and are counted once
 * @param serverCpuSeconds CPU time of the server while it counted
 * @param ownCpuSeconds CPU time of this program
 * @param serverResidentBytes memory of the server at the end
 * @param stolenShare of the time of the processors while it counted, what the host gave to others, 0 to 1
 */
record LoadResult(
        LoadSettings options,
        Histogram latencies,
        long errors,
        long retries,
        double serverCpuSeconds,
        double ownCpuSeconds,
        long serverResidentBytes,
        double stolenShare) {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MEBIBYTE = 1 << 20;

    double perSecond() {
        return latencies.getTotalCount() / (options.duration().toNanos() / 1e9);
    }

    private double percentileMillis(double percentile) {
        return latencies.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
    }

    /** One line of tab-separated fields, as {@link ReportMain} reads them. */
    String line() {
        return String.format(
                Locale.ROOT,
                "%s\t%s\t%.1f\t%.3f\t%.3f\t%.3f\t%.2f\t%.2f\t%.1f\t%d\t%.2f",
                options.label(),
                options.scenario(),
                perSecond(),
                percentileMillis(50),
                percentileMillis(99),
                percentileMillis(99.9),
                serverCpuSeconds,
                ownCpuSeconds,
                serverResidentBytes / MEBIBYTE,
                errors,
                stolenShare);
    }

    /** For a human. */
    String text() {
        return String.format(
                Locale.ROOT,
                "%s: %.0f/s  p50 %.3f ms  p99 %.3f ms  p99.9 %.3f ms  max %.1f ms  errors %d  retries %d%n"
                        + "CPU seconds: server %.2f, this program %.2f of %d; memory of the server %.0f MiB; stolen by the host %.0f %%",
                options.scenario(),
                perSecond(),
                percentileMillis(50),
                percentileMillis(99),
                percentileMillis(99.9),
                latencies.getMaxValue() / NANOS_PER_MILLI,
                errors,
                retries,
                serverCpuSeconds,
                ownCpuSeconds,
                options.duration().toSeconds(),
                serverResidentBytes / MEBIBYTE,
                stolenShare * 100);
    }
}
