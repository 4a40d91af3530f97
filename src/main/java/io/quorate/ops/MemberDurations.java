package io.quorate.ops;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.quorate.ops.DurationHistogram.Shape;
import java.util.function.LongConsumer;

/**
 * Histograms of how long things take, with etcd's names and bucket bounds. Each recorder takes nanoseconds unless it says
 * otherwise, may be called by any thread, and neither blocks nor allocates; the wiring hands them to the parts that measure.
 */
public final class MemberDurations {

    private static final long MICROSECOND = 1_000;
    private static final long MILLISECOND = 1_000 * MICROSECOND;
    private static final double SECOND = 1_000.0 * MILLISECOND;
    private static final String API_VERSION = "v3";

    private static final Shape DISK = new Shape(MILLISECOND, 14, SECOND);
    private static final Shape REQUEST = new Shape(100 * MICROSECOND, 20, SECOND);
    private static final Shape ROUND_TRIP = new Shape(100 * MICROSECOND, 16, SECOND);
    private static final Shape HASH = new Shape(10 * MILLISECOND, 15, SECOND);
    private static final Shape SNAPSHOT = new Shape(10 * MILLISECOND, 17, SECOND);
    private static final Shape DEFRAGMENTATION = new Shape(100 * MILLISECOND, 13, SECOND);
    private static final Shape COMPACTION_STEP = new Shape(MILLISECOND, 13, MILLISECOND);
    private static final Shape COMPACTION = new Shape(100 * MILLISECOND, 14, MILLISECOND);
    private static final Shape TTL = new Shape(1, 24, 1);

    private final LongConsumer walFsync;
    private final LongConsumer walWrite;
    private final LongConsumer backendCommit;
    private final LongConsumer defragmentation;
    private final LongConsumer snapshotSent;
    private final LongConsumer hash;
    private final LongConsumer hashKv;
    private final LongConsumer snapshotFsync;
    private final LongConsumer snapshotSave;
    private final LongConsumer compactionPause;
    private final LongConsumer compactionTotal;
    private final LongConsumer leaseTtl;
    private final DurationMetric apply;
    private final DurationMetric range;
    private final DurationMetric request;
    private final DurationMetric peerRoundTrip;

    public MemberDurations(PrometheusRegistry registry) {
        walFsync = single(registry, MetricNames.WAL_FSYNC, "Duration of an fsync of the log.", DISK);
        walWrite = single(registry, MetricNames.WAL_WRITE, "Duration of a write to the log.", DISK);
        backendCommit = single(registry, MetricNames.BACKEND_COMMIT, "Duration of a write to the store.", DISK);
        defragmentation = single(registry, MetricNames.DEFRAGMENTATION, "Duration of a rewrite.", DEFRAGMENTATION);
        snapshotSent = single(registry, MetricNames.BACKEND_SNAPSHOT, "Duration of a snapshot.", SNAPSHOT);
        hash = single(registry, MetricNames.HASH, "Duration of hashing the store.", HASH);
        hashKv = single(registry, MetricNames.HASH_KV, "Duration of hashing the keys.", HASH);
        snapshotFsync = single(registry, MetricNames.SNAPSHOT_FSYNC, "Duration of an fsync of a snapshot.", DISK);
        snapshotSave = single(registry, MetricNames.SNAPSHOT_SAVE, "Duration of saving a snapshot.", DISK);
        compactionPause =
                single(registry, MetricNames.COMPACTION_PAUSE, "Duration of a step of compaction.", COMPACTION_STEP);
        compactionTotal = single(registry, MetricNames.COMPACTION_TOTAL, "Duration of a compaction.", COMPACTION);
        leaseTtl = single(registry, MetricNames.LEASE_TTL, "Time to live of leases granted.", TTL);
        apply = new DurationMetric(registry, MetricNames.APPLY_DURATION, "Duration of applying a request.", REQUEST);
        range = new DurationMetric(registry, MetricNames.RANGE_DURATION, "Duration of a range.", REQUEST);
        request = new DurationMetric(registry, MetricNames.REQUEST_DURATION, "Duration of a unary call.", DISK);
        peerRoundTrip =
                new DurationMetric(registry, MetricNames.PEER_ROUND_TRIP, "Round trip to a member.", ROUND_TRIP);
    }

    private static LongConsumer single(PrometheusRegistry registry, String name, String help, Shape shape) {
        return new DurationMetric(registry, name, help, shape).at(Labels.EMPTY);
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

    /** One rewrite of the store without what is outdated. */
    public LongConsumer defragmentation() {
        return defragmentation;
    }

    /** One snapshot for a client. */
    public LongConsumer snapshotSent() {
        return snapshotSent;
    }

    /** One hash of the whole store. */
    public LongConsumer hash() {
        return hash;
    }

    /** One hash of the keys up to a revision. */
    public LongConsumer hashKv() {
        return hashKv;
    }

    /** One fsync of a snapshot file, the write before it included. */
    public LongConsumer snapshotFsync() {
        return snapshotFsync;
    }

    /** Saving one snapshot file, with everything. */
    public LongConsumer snapshotSave() {
        return snapshotSave;
    }

    /** One step of a compaction. */
    public LongConsumer compactionPause() {
        return compactionPause;
    }

    /** A whole compaction. */
    public LongConsumer compactionTotal() {
        return compactionTotal;
    }

    /** The time to live of one new lease, in seconds. */
    public LongConsumer leaseTtlSeconds() {
        return leaseTtl;
    }

    /**
     * The application of requests of one kind; look it up once and keep it.
     *
     * @param operation etcd's name of the request, such as {@code Put}
     */
    public LongConsumer apply(String operation, boolean success) {
        return apply.at(Labels.of("version", API_VERSION, "op", operation, "success", Boolean.toString(success)));
    }

    /** Round trips to another member; look it up once and keep it. */
    public LongConsumer peerRoundTrip(long to) {
        return peerRoundTrip.at(Labels.of("To", Long.toHexString(to)));
    }

    /** Ranges that succeeded or failed; look it up once and keep it. */
    public LongConsumer range(boolean success) {
        return range.at(Labels.of("success", Boolean.toString(success)));
    }

    /**
     * Unary calls of one method from their first byte to their end; look it up once and keep it.
     *
     * @param method the bare name of the method, such as {@code Put}
     */
    public LongConsumer request(String method, boolean success) {
        return request.at(Labels.of("type", method, "success", Boolean.toString(success)));
    }
}
