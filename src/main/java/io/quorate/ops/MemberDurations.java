package io.quorate.ops;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.quorate.ops.DurationHistogram.Doubling;
import io.quorate.ops.DurationHistogram.Listed;
import io.quorate.ops.DurationHistogram.Shape;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Histograms of durations, with etcd's names and bucket bounds. Each recorder takes nanoseconds unless it says
 * otherwise, may be called by any thread, and neither blocks nor allocates; the wiring hands them to the parts that measure.
 */
public final class MemberDurations {

    private static final long MICROSECOND = 1_000;
    private static final long MILLISECOND = 1_000 * MICROSECOND;
    private static final double SECOND = 1_000.0 * MILLISECOND;
    private static final String API_VERSION = "v3";

    private static final Shape DISK = new Doubling(MILLISECOND, 14, SECOND);
    private static final Shape REQUEST = new Doubling(100 * MICROSECOND, 20, SECOND);
    private static final Shape ROUND_TRIP = new Doubling(100 * MICROSECOND, 16, SECOND);
    private static final Shape HASH = new Doubling(10 * MILLISECOND, 15, SECOND);
    private static final Shape SNAPSHOT = new Doubling(10 * MILLISECOND, 17, SECOND);
    private static final Shape DEFRAGMENTATION = new Doubling(100 * MILLISECOND, 13, SECOND);
    private static final Shape COMPACTION_STEP = new Doubling(MILLISECOND, 13, MILLISECOND);
    private static final Shape COMPACTION = new Doubling(100 * MILLISECOND, 14, MILLISECOND);
    private static final Shape RECEIVED_STATE = new Doubling(100 * MILLISECOND, 10, SECOND);
    private static final Shape TRANSFER = new Doubling(100 * MILLISECOND, 10, SECOND);
    /** Those that servers of gRPC usually have. */
    private static final Shape HANDLING = new Listed(
            Stream.of(5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)
                    .map(millis -> millis * MILLISECOND)
                    .toList(),
            SECOND);

    private static final Shape TTL = new Doubling(1, 24, 1);

    private final LongConsumer walFsync;
    private final LongConsumer walWrite;
    private final LongConsumer backendCommit;
    private final LongConsumer defragmentation;
    private final LongConsumer snapshotSent;
    private final LongConsumer hash;
    private final LongConsumer hashKv;
    private final LongConsumer snapshotFsync;
    private final LongConsumer snapshotSave;
    private final LongConsumer receivedStateFsync;
    private final LongConsumer receivedStateSave;
    private final LongConsumer watchControl;
    private final LongConsumer watchProgress;
    private final LongConsumer watchEvents;
    private final LongConsumer watchEvent;
    private final LongConsumer compactionPause;
    private final LongConsumer compactionTotal;
    private final LongConsumer leaseTtl;
    private final DurationMetric apply;
    private final DurationMetric range;
    private final DurationMetric request;
    private final DurationMetric peerRoundTrip;
    private final DurationMetric stateSend;
    private final DurationMetric stateReceive;
    private final @Nullable DurationMetric handling;

    /** @param extensive whether calls are measured by method too, which is eleven series for each */
    public MemberDurations(PrometheusRegistry registry, boolean extensive) {
        walFsync = single(registry, MetricNames.WAL_FSYNC, "Time of an fsync of the log.", DISK);
        walWrite = single(registry, MetricNames.WAL_WRITE, "Time of a write to the log, before its fsync.", DISK);
        backendCommit = single(registry, MetricNames.BACKEND_COMMIT, "Time of a write of a batch to the store.", DISK);
        defragmentation =
                single(registry, MetricNames.DEFRAGMENTATION, "Time of a rewrite of the store.", DEFRAGMENTATION);
        snapshotSent = single(registry, MetricNames.BACKEND_SNAPSHOT, "Time of a copy of the whole store.", SNAPSHOT);
        hash = single(registry, MetricNames.HASH, "Time of hashing the whole store.", HASH);
        hashKv = single(registry, MetricNames.HASH_KV, "Time of hashing the keys up to a revision.", HASH);
        snapshotFsync = single(registry, MetricNames.SNAPSHOT_FSYNC, "Time of an fsync of a snapshot file.", DISK);
        snapshotSave = single(registry, MetricNames.SNAPSHOT_SAVE, "Time of saving a snapshot file, in all.", DISK);
        receivedStateFsync = single(
                registry, MetricNames.RECEIVED_STATE_FSYNC, "Time of an fsync of a file of a received store.", DISK);
        receivedStateSave = single(
                registry,
                MetricNames.RECEIVED_STATE_SAVE,
                "Time of receiving and saving a store, in all.",
                RECEIVED_STATE);
        watchControl =
                single(registry, MetricNames.WATCH_CONTROL_SENT, "Time of sending an answer about a watch.", DISK);
        watchProgress = single(registry, MetricNames.WATCH_PROGRESS_SENT, "Time of sending a watch's progress.", DISK);
        watchEvents = single(registry, MetricNames.WATCH_EVENTS_SENT, "Time of sending a batch of events.", DISK);
        watchEvent = single(
                registry, MetricNames.WATCH_EVENT_SENT, "Time of sending a batch of events, for each event.", DISK);
        compactionPause =
                single(registry, MetricNames.COMPACTION_PAUSE, "Time of a step of a compaction.", COMPACTION_STEP);
        compactionTotal = single(registry, MetricNames.COMPACTION_TOTAL, "Time of a whole compaction.", COMPACTION);
        leaseTtl = single(registry, MetricNames.LEASE_TTL, "Time to live of leases granted, in seconds.", TTL);
        apply = new DurationMetric(registry, MetricNames.APPLY_DURATION, "Time of applying a request.", REQUEST);
        range = new DurationMetric(registry, MetricNames.RANGE_DURATION, "Time of executing a range.", REQUEST);
        request = new DurationMetric(
                registry, MetricNames.REQUEST_DURATION, "Time of a unary call, from its first byte to its end.", DISK);
        peerRoundTrip =
                new DurationMetric(registry, MetricNames.PEER_ROUND_TRIP, "Round trip to a member.", ROUND_TRIP);
        stateSend = new DurationMetric(
                registry, MetricNames.SNAPSHOT_SEND_DURATION, "Time of sending the state, in all.", TRANSFER);
        stateReceive = new DurationMetric(
                registry, MetricNames.SNAPSHOT_RECEIVE_DURATION, "Time of receiving a state, in all.", TRANSFER);
        handling = extensive
                ? new DurationMetric(
                        registry,
                        MetricNames.GRPC_HANDLING,
                        "Time of calls from their first byte to their end.",
                        HANDLING)
                : null;
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

    /** One fsync of a file of a state that another member sent. */
    public LongConsumer receivedStateFsync() {
        return receivedStateFsync;
    }

    /** Receiving and saving such a state, with everything. */
    public LongConsumer receivedStateSave() {
        return receivedStateSave;
    }

    /** Sending one answer about a watch: created, refused or cancelled. */
    public LongConsumer watchControl() {
        return watchControl;
    }

    /** Sending the progress of a watch. */
    public LongConsumer watchProgress() {
        return watchProgress;
    }

    /** Sending one batch of events. */
    public LongConsumer watchEvents() {
        return watchEvents;
    }

    /** The same, divided by the number of events. */
    public LongConsumer watchEvent() {
        return watchEvent;
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

    /** Calls of one method from their first byte to their end; only what was asked to be extensive is published. */
    public LongConsumer handling(String type, String service, String method) {
        return handling == null
                ? nanos -> {}
                : handling.at(Labels.of("grpc_type", type, "grpc_service", service, "grpc_method", method));
    }

    /** States that reached another member. */
    public LongConsumer stateSend(long to) {
        return stateSend.at(Labels.of("To", Long.toHexString(to)));
    }

    /** States that arrived from another member. */
    public LongConsumer stateReceive(long from) {
        return stateReceive.at(Labels.of("From", Long.toHexString(from)));
    }
}
