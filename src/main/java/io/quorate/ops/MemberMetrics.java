package io.quorate.ops;

import static io.quorate.ops.Metric.gauge;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.quorate.ops.MemberStatus.Consensus;
import io.quorate.ops.MemberStatus.Identity;
import io.quorate.ops.MemberStatus.Store;
import java.util.ArrayList;
import java.util.List;
import lombok.RequiredArgsConstructor;

/**
 * Metrics of the member as a whole, read at each scrape; what its parts count is in {@link RegisteredMeters}.
 */
@RequiredArgsConstructor
public final class MemberMetrics implements MultiCollector {

    private static final List<Metric<Consensus>> CONSENSUS = List.of(
            gauge(MetricNames.IS_LEARNER, "1 if this member is a learner, 0 if not.", s -> flag(s.learner())),
            gauge(MetricNames.APPLY_GAP, "Committed entries not applied yet.", Consensus::applyGap));

    private static final List<Metric<Store>> STORE = List.of(
            gauge(
                    MetricNames.QUOTA_BYTES,
                    "Size of the store in bytes at which writes are refused.",
                    Store::quotaBytes),
            gauge(MetricNames.STORE_BYTES, "Bytes of the store on disk.", Store::sizeBytes),
            gauge(MetricNames.STORE_BYTES_IN_USE, "Bytes of live data on disk.", Store::sizeInUseBytes));

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
