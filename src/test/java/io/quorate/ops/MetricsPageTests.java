package io.quorate.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsPageTests {

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final MetricsPage page = new MetricsPage(registry);

    /** Name and type as etcd publishes them, with the value that {@link FixedMemberStatus} gives. */
    @ParameterizedTest
    @CsvSource(textBlock = """
                    etcd_server_is_learner,                          gauge,   0.0
                    etcd_server_quota_backend_bytes,                 gauge,   25.0
                    etcd_mvcc_db_total_size_in_bytes,                gauge,   23.0
                    etcd_mvcc_db_total_size_in_use_in_bytes,         gauge,   24.0
                    quorate_apply_gap_entries,                       gauge,   2.0
                    """)
    void textWhenAMemberIsRegisteredHasEtcdsNamesAndTypes(String name, String type, String value) {
        new MemberMetrics(FixedMemberStatus.leader()).registerWith(registry);
        assertThat(text()).contains("# TYPE " + name + " " + type + "\n", "\n" + name + " " + value + "\n");
    }

    @Test
    void textWhenAMemberIsRegisteredHasItsIdentity() {
        new MemberMetrics(FixedMemberStatus.leader()).registerWith(registry);
        assertThat(text())
                .contains("etcd_server_id{server_id=\"abc\"} 1.0\n")
                .contains("etcd_server_version{server_version=\"3.7.1\"} 1.0\n")
                .contains("etcd_cluster_version{cluster_version=\"3.7\"} 1.0\n");
    }

    @Test
    void textWhenPartsRegisterWhatTheyCountHasTheirNamesAndTypes() {
        RegisteredMeters meters = new RegisteredMeters(registry);
        meters.counter("etcd_server_leader_changes_seen_total", "Changes of leader seen.", () -> 4);
        meters.counter("etcd_server_learner_promote_successes", "Learners made voters.", () -> 3);
        meters.gauge("etcd_server_proposals_committed_total", "Index.", () -> 13);
        meters.flag("etcd_server_has_leader", "1 if a leader is known.", () -> true);
        assertThat(text())
                .contains(
                        "# TYPE etcd_server_leader_changes_seen_total counter\netcd_server_leader_changes_seen_total 4.0\n")
                .contains(
                        "# TYPE etcd_server_learner_promote_successes counter\netcd_server_learner_promote_successes 3.0\n")
                .contains(
                        "# TYPE etcd_server_proposals_committed_total gauge\netcd_server_proposals_committed_total 13.0\n")
                .contains("\netcd_server_has_leader 1.0\n");
    }

    @Test
    void textWhenHealthIsCountedHasCountersWithoutTotal() {
        HealthCounters counters = new HealthCounters(registry);
        counters.record(true);
        counters.record(true);
        counters.record(false);
        assertThat(text())
                .contains("# TYPE etcd_server_health_success counter\netcd_server_health_success 2.0\n")
                .contains("# TYPE etcd_server_health_failures counter\netcd_server_health_failures 1.0\n")
                .doesNotContain("health_success_total");
    }

    @Test
    void textWhenDurationsAreRecordedHasEtcdsBuckets() {
        MemberDurations durations = new MemberDurations(registry, false);
        durations.walFsync().accept(1_500_000);
        durations.apply("Put", true).accept(150_000);
        durations.compactionPause().accept(3_000_000);
        assertThat(text())
                .contains("# TYPE etcd_disk_wal_fsync_duration_seconds histogram\n")
                .contains("etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.001\"} 0\n")
                .contains("etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.002\"} 1\n")
                .contains("etcd_disk_wal_fsync_duration_seconds_bucket{le=\"8.192\"} 1\n")
                .contains("etcd_disk_wal_fsync_duration_seconds_sum 0.0015\n")
                .contains("etcd_disk_wal_fsync_duration_seconds_count 1\n")
                .contains("etcd_disk_backend_commit_duration_seconds_count 0\n")
                .contains("etcd_server_apply_duration_seconds_count{op=\"Put\",success=\"true\",version=\"v3\"} 1\n")
                .contains("etcd_debugging_mvcc_db_compaction_pause_duration_milliseconds_sum 3.0\n");
        assertThat(text().lines()
                        .filter(line -> line.startsWith("etcd_disk_wal_fsync_duration_seconds_bucket"))
                        .count())
                .isEqualTo(15);
    }

    @Test
    void textWhenBootsOwnMetricsAreThereTooHasNoNameTwice() {
        PrometheusMeterRegistry micrometer = new PrometheusMeterRegistry(
                PrometheusConfig.DEFAULT, registry, io.micrometer.core.instrument.Clock.SYSTEM);
        new JvmMemoryMetrics().bindTo(micrometer);
        new FileDescriptorMetrics().bindTo(micrometer);
        new ProcessorMetrics().bindTo(micrometer);
        new UptimeMetrics().bindTo(micrometer);
        new ProcessMetrics().registerWith(registry);
        new MemberMetrics(FixedMemberStatus.leader()).registerWith(registry);
        assertThat(text().lines().filter(line -> line.startsWith("# TYPE ")))
                .doesNotHaveDuplicates()
                .contains("# TYPE process_resident_memory_bytes gauge", "# TYPE process_cpu_seconds_total counter")
                .contains("# TYPE os_fd_used gauge", "# TYPE os_fd_limit gauge", "# TYPE process_open_fds gauge");
    }

    @Test
    void textWhenNamesAreAskedForHasOnlyThose() {
        new MemberMetrics(FixedMemberStatus.leader()).registerWith(registry);
        assertThat(new String(page.text(MetricNames.APPLY_GAP::equals), StandardCharsets.UTF_8).lines())
                .hasSize(3)
                .contains("quorate_apply_gap_entries 2.0");
    }

    private String text() {
        return new String(page.text(), StandardCharsets.UTF_8);
    }
}
