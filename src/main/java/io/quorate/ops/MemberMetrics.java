package io.quorate.ops;

import static io.quorate.ops.Metric.counter;
import static io.quorate.ops.Metric.gauge;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.quorate.ops.MemberStatus.Activity;
import io.quorate.ops.MemberStatus.Consensus;
import io.quorate.ops.MemberStatus.Identity;
import io.quorate.ops.MemberStatus.Store;
import java.util.ArrayList;
import java.util.List;
import lombok.RequiredArgsConstructor;

/**
 * The state of the member as metrics, read when somebody asks and at no other time.
 *
 * <p>It talks to the Prometheus registry itself because Micrometer derives the published name from the type and so
 * cannot express etcd's gauges that end in {@code _total}.
 */
@RequiredArgsConstructor
public final class MemberMetrics implements MultiCollector {

    private static final List<Metric<Consensus>> CONSENSUS = List.of(
            gauge(MetricNames.HAS_LEADER, "1 if a leader is known, 0 if not.", s -> flag(s.hasLeader())),
            gauge(MetricNames.IS_LEADER, "1 if this member leads, 0 if not.", s -> flag(s.isLeader())),
            gauge(MetricNames.IS_LEARNER, "1 if this member is a learner, 0 if not.", s -> flag(s.learner())),
            counter(MetricNames.LEADER_CHANGES, "Changes of leader seen.", Consensus::leaderChanges),
            gauge(MetricNames.PROPOSALS_COMMITTED, "Index of the newest committed entry.", Consensus::committedIndex),
            gauge(MetricNames.PROPOSALS_APPLIED, "Index of the newest applied entry.", Consensus::appliedIndex),
            gauge(MetricNames.PROPOSALS_PENDING, "Proposals that wait for their result.", Consensus::proposalsPending),
            counter(MetricNames.PROPOSALS_FAILED, "Proposals that ended without a result.", Consensus::proposalsFailed),
            counter(
                    MetricNames.READ_INDEXES_FAILED,
                    "Rounds of linearizable reading that ended without an answer.",
                    Consensus::readIndexesFailed),
            counter(
                    MetricNames.SLOW_READ_INDEXES,
                    "Rounds of linearizable reading that took too long or ran out of time.",
                    Consensus::slowReadIndexes),
            counter(
                    MetricNames.SLOW_APPLIES,
                    "Requests whose execution took longer than the warning.",
                    Consensus::slowApplies),
            counter(
                    MetricNames.HEARTBEAT_SEND_FAILURES,
                    "Heartbeats that this member as leader sent too late, as it was overloaded or paused.",
                    Consensus::heartbeatSendFailures),
            gauge(
                    MetricNames.SNAPSHOTS_IN_APPLICATION,
                    "1 while a received snapshot is being installed, 0 otherwise.",
                    s -> s.snapshotsInApplication()),
            counter(MetricNames.PROMOTIONS, "Learners made voters while this member led.", Consensus::promotions),
            counter(MetricNames.PROMOTIONS_FAILED, "Learners refused to become voters.", Consensus::promotionsFailed),
            gauge(MetricNames.WAL_BYTES, "Bytes written to the log since the start.", Consensus::logBytes),
            gauge(MetricNames.SCHEDULER_QUEUE, "Jobs that wait for apply.", Consensus::schedulerQueueDepth),
            gauge(MetricNames.RAFT_INBOX, "Messages that wait for consensus.", Consensus::inboxDepth),
            gauge(MetricNames.APPLY_GAP, "Committed entries not applied yet.", Consensus::applyGap),
            gauge(MetricNames.TERM, "Term.", Consensus::term),
            gauge(MetricNames.DISK_SNAPSHOT, "Newest snapshot on disk.", Consensus::diskSnapshotIndex),
            gauge(MetricNames.MEMORY_SNAPSHOT, "Newest snapshot in memory.", Consensus::memorySnapshotIndex));

    private static final List<Metric<Store>> STORE = List.of(
            gauge(
                    MetricNames.QUOTA_BYTES,
                    "Size of the store in bytes at which writes are refused.",
                    Store::quotaBytes),
            gauge(MetricNames.STORE_BYTES, "Bytes of the store on disk.", Store::sizeBytes),
            gauge(MetricNames.STORE_BYTES_IN_USE, "Bytes of live data on disk.", Store::sizeInUseBytes),
            gauge(MetricNames.OPEN_READS, "Reads that use the store now.", Store::openReads),
            gauge(MetricNames.PUT_BYTES, "Bytes of keys and values put, as seen by this member.", Store::putBytes),
            gauge(
                    MetricNames.DEFRAGMENTATIONS_RUNNING,
                    "1 while the store is being rewritten, 0 otherwise.",
                    Store::rewrites),
            counter(MetricNames.RANGES, "Ranges, as seen by this member.", Store::ranges),
            counter(MetricNames.PUTS, "Puts, as seen by this member.", Store::puts),
            counter(MetricNames.DELETES, "Deletes, as seen by this member.", Store::deletes),
            counter(MetricNames.TXNS, "Transactions, as seen by this member.", Store::txns),
            gauge(MetricNames.CURRENT_REVISION, "Current revision.", Store::currentRevision),
            gauge(MetricNames.COMPACT_REVISION, "Newest compacted revision.", Store::compactedRevision),
            gauge(MetricNames.KEYS, "Keys that exist.", Store::keys),
            counter(MetricNames.COMPACTED_KEYS, "Records removed by compaction.", Store::compactedKeys),
            gauge(
                    MetricNames.LAST_COMPACTION,
                    "Unix time of the last compaction; 0 if there was none since the start.",
                    Store::lastCompactionEpochSeconds));

    private static final List<Metric<Activity>> ACTIVITY = List.of(
            gauge(MetricNames.WATCH_STREAMS, "Open streams of watches.", Activity::watchStreams),
            gauge(MetricNames.WATCHERS, "Watches.", Activity::watchers),
            gauge(MetricNames.SLOW_WATCHERS, "Watches that are not up to date.", Activity::slowWatchers),
            gauge(MetricNames.PENDING_EVENTS, "Events that wait to be sent.", Activity::pendingEvents),
            counter(MetricNames.EVENTS, "Events sent by this member.", Activity::events),
            counter(MetricNames.LEASES_GRANTED, "Leases granted.", Activity::leasesGranted),
            counter(MetricNames.LEASES_RENEWED, "Leases renewed by this member as leader.", Activity::leasesRenewed),
            counter(MetricNames.LEASES_REVOKED, "Leases revoked.", Activity::leasesRevoked),
            counter(MetricNames.LEASES_EXPIRED, "Leases that ran out.", Activity::leasesExpired));

    private final MemberStatus status;

    /** Publishes the metrics; the registry asks for them at every scrape. */
    public void registerWith(PrometheusRegistry registry) {
        registry.register(this);
    }

    @Override
    public MetricSnapshots collect() {
        List<MetricSnapshot> all = new ArrayList<>();
        read(CONSENSUS, status.consensus(), all);
        read(STORE, status.store(), all);
        read(ACTIVITY, status.activity(), all);
        addIdentity(status.identity(), all);
        addAlarms(all);
        addFeatures(all);
        return new MetricSnapshots(all);
    }

    private static <S> void read(List<Metric<S>> metrics, S picture, List<MetricSnapshot> all) {
        for (Metric<S> metric : metrics) {
            all.add(metric.read(picture));
        }
    }

    private static void addIdentity(Identity identity, List<MetricSnapshot> all) {
        all.add(constant(
                MetricNames.SERVER_ID,
                "1; the label is the id of this member in hexadecimal.",
                "server_id",
                Long.toHexString(identity.memberId())));
        all.add(constant(
                MetricNames.SERVER_VERSION,
                "1; the label is the version of etcd whose behaviour is kept.",
                "server_version",
                identity.serverVersion()));
        if (!identity.clusterVersion().isEmpty()) {
            all.add(constant(
                    MetricNames.CLUSTER_VERSION,
                    "1; the label is the version that all members agreed on.",
                    "cluster_version",
                    majorMinor(identity.clusterVersion())));
        }
        all.add(constant(
                MetricNames.PLATFORM_VERSION,
                "1; the label is the version of the Java that runs this.",
                "server_go_version",
                "java" + Runtime.version()));
        all.add(Metric.gaugeOf(
                MetricNames.AUTH_REVISION, "Revision of users and roles; 1 as there are none.", 1, Labels.EMPTY));
    }

    private static String majorMinor(String version) {
        int end = version.indexOf('.', version.indexOf('.') + 1);
        return end < 0 ? version : version.substring(0, end);
    }

    private void addAlarms(List<MetricSnapshot> all) {
        GaugeSnapshot.Builder alarms =
                GaugeSnapshot.builder().name(MetricNames.ALARMS).help("1 for each alarm that is raised.");
        for (MemberStatus.RaisedAlarm alarm : status.alarms()) {
            alarms.dataPoint(
                    point(1, Labels.of("server_id", Long.toHexString(alarm.memberId()), "alarm_type", alarm.type())));
        }
        all.add(alarms.build());
    }

    private void addFeatures(List<MetricSnapshot> all) {
        GaugeSnapshot.Builder features = GaugeSnapshot.builder()
                .name(MetricNames.FEATURE_ENABLED)
                .help("1 if a feature of etcd is on, 0 if not.");
        for (MemberStatus.Feature feature : status.features()) {
            features.dataPoint(
                    point(flag(feature.enabled()), Labels.of("name", feature.name(), "stage", feature.stage())));
        }
        all.add(features.build());
    }

    private static GaugeDataPointSnapshot point(double value, Labels labels) {
        return GaugeDataPointSnapshot.builder().value(value).labels(labels).build();
    }

    private static MetricSnapshot constant(String name, String help, String label, String value) {
        return Metric.gaugeOf(name, help, 1, Labels.of(label, value));
    }

    private static double flag(boolean value) {
        return value ? 1 : 0;
    }
}
