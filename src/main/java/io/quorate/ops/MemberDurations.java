package io.quorate.ops;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.LongConsumer;

/**
 * Histograms of how long things take, with etcd's names and bucket bounds. Each recorder takes nanoseconds, may be
 * called by any thread, and neither blocks nor allocates; the wiring hands them to the parts that measure.
 */
public final class MemberDurations {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLISECOND = 1e6;
    private static final String API_VERSION = "v3";

    private final LongConsumer walFsync;
    private final LongConsumer walWrite;
    private final LongConsumer backendCommit;
    private final LongConsumer snapshotFsync;
    private final LongConsumer compactionPause;
    private final LongConsumer compactionTotal;
    private final Histogram apply;
    private final Histogram range;
    private final Histogram peerRoundTrip;

    public MemberDurations(PrometheusRegistry registry) {
        double[] disk = doubling(0.001, 14);
        walFsync = seconds(registry, MetricNames.WAL_FSYNC, "Duration of an fsync of the log.", disk);
        walWrite = seconds(registry, MetricNames.WAL_WRITE, "Duration of a write to the log.", disk);
        backendCommit = seconds(registry, MetricNames.BACKEND_COMMIT, "Duration of a write to the store.", disk);
        snapshotFsync = seconds(registry, MetricNames.SNAPSHOT_FSYNC, "Duration of an fsync of a snapshot.", disk);
        compactionPause = recorder(
                histogram(MetricNames.COMPACTION_PAUSE, "Duration of a step of compaction.", doubling(1, 13))
                        .register(registry),
                NANOS_PER_MILLISECOND);
        compactionTotal = recorder(
                histogram(MetricNames.COMPACTION_TOTAL, "Duration of a compaction.", doubling(100, 14))
                        .register(registry),
                NANOS_PER_MILLISECOND);
        apply = histogram(MetricNames.APPLY_DURATION, "Duration of applying a request.", doubling(0.0001, 20))
                .labelNames("version", "op", "success")
                .register(registry);
        peerRoundTrip = histogram(MetricNames.PEER_ROUND_TRIP, "Round trip to a member.", doubling(0.0001, 16))
                .labelNames("To")
                .register(registry);
        range = histogram(MetricNames.RANGE_DURATION, "Duration of a range.", doubling(0.0001, 20))
                .labelNames("success")
                .register(registry);
    }

    /** One fdatasync of the log. */
    public LongConsumer walFsync() {
        return walFsync;
    }

    /** One write of a batch of entries to the log. */
    public LongConsumer walWrite() {
        return walWrite;
    }

    /** One write of a batch to the store. */
    public LongConsumer backendCommit() {
        return backendCommit;
    }

    /** One fsync of a snapshot file. */
    public LongConsumer snapshotFsync() {
        return snapshotFsync;
    }

    /** One step of a compaction. */
    public LongConsumer compactionPause() {
        return compactionPause;
    }

    /** A whole compaction. */
    public LongConsumer compactionTotal() {
        return compactionTotal;
    }

    /**
     * The application of requests of one kind; look it up once and keep it.
     *
     * @param operation etcd's name of the request, such as {@code Put}
     */
    public LongConsumer apply(String operation, boolean success) {
        return recorder(apply.labelValues(API_VERSION, operation, Boolean.toString(success)), NANOS_PER_SECOND);
    }

    /** Round trips to another member; look it up once and keep it. */
    public LongConsumer peerRoundTrip(long to) {
        return recorder(peerRoundTrip.labelValues(Long.toHexString(to)), NANOS_PER_SECOND);
    }

    /** Ranges that succeeded or failed; look it up once and keep it. */
    public LongConsumer range(boolean success) {
        return recorder(range.labelValues(Boolean.toString(success)), NANOS_PER_SECOND);
    }

    private static LongConsumer seconds(PrometheusRegistry registry, String name, String help, double[] bounds) {
        return recorder(histogram(name, help, bounds).register(registry), NANOS_PER_SECOND);
    }

    private static Histogram.Builder histogram(String name, String help, double[] bounds) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .classicOnly()
                .classicUpperBounds(bounds)
                .withoutExemplars();
    }

    private static LongConsumer recorder(DistributionDataPoint point, double nanosPerUnit) {
        return nanos -> point.observe(nanos / nanosPerUnit);
    }

    /** Bounds that start at one value and double. */
    private static double[] doubling(double first, int count) {
        double[] bounds = new double[count];
        double bound = first;
        for (int index = 0; index < count; index++) {
            bounds[index] = bound;
            bound *= 2;
        }
        return bounds;
    }
}
