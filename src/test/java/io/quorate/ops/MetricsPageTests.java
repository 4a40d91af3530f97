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
                    etcd_server_has_leader,                          gauge,   1.0
                    etcd_server_is_leader,                           gauge,   1.0
                    etcd_server_is_learner,                          gauge,   0.0
                    etcd_server_leader_changes_seen_total,           counter, 4.0
                    etcd_server_proposals_committed_total,           gauge,   13.0
                    etcd_server_proposals_applied_total,             gauge,   11.0
                    etcd_server_proposals_pending,                   gauge,   7.0
                    etcd_server_proposals_failed_total,              counter, 8.0
                    etcd_server_read_indexes_failed_total,           counter, 9.0
                    etcd_server_slow_read_indexes_total,             counter, 10.0
                    etcd_server_slow_apply_total,                    counter, 14.0
                    etcd_server_heartbeat_send_failures_total,       counter, 15.0
                    etcd_server_snapshot_apply_in_progress_total,    gauge,   0.0
                    etcd_server_quota_backend_bytes,                 gauge,   25.0
                    etcd_mvcc_db_total_size_in_bytes,                gauge,   23.0
                    etcd_mvcc_db_total_size_in_use_in_bytes,         gauge,   24.0
                    etcd_mvcc_db_open_read_transactions,             gauge,   26.0
                    etcd_mvcc_range_total,                           counter, 27.0
                    etcd_mvcc_put_total,                             counter, 28.0
                    etcd_mvcc_delete_total,                          counter, 29.0
                    etcd_mvcc_txn_total,                             counter, 30.0
                    etcd_debugging_mvcc_current_revision,            gauge,   21.0
                    etcd_debugging_mvcc_compact_revision,            gauge,   20.0
                    etcd_debugging_mvcc_keys_total,                  gauge,   22.0
                    etcd_debugging_mvcc_db_compaction_keys_total,    counter, 31.0
                    etcd_debugging_mvcc_db_compaction_last,          gauge,   32.0
                    etcd_debugging_mvcc_watch_stream_total,          gauge,   41.0
                    etcd_debugging_mvcc_watcher_total,               gauge,   42.0
                    etcd_debugging_mvcc_slow_watcher_total,          gauge,   43.0
                    etcd_debugging_mvcc_pending_events_total,        gauge,   44.0
                    etcd_debugging_mvcc_events_total,                counter, 45.0
                    etcd_debugging_lease_granted_total,              counter, 46.0
                    etcd_debugging_lease_renewed_total,              counter, 47.0
                    etcd_debugging_lease_revoked_total,              counter, 48.0
                    etcd_debugging_server_lease_expired_total,       counter, 49.0
                    quorate_apply_gap_entries,                       gauge,   2.0
                    quorate_scheduler_queue_depth,                   gauge,   16.0
                    quorate_raft_inbox_depth,                        gauge,   17.0
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
        assertThat(new String(page.text(MetricNames.TERM::equals), StandardCharsets.UTF_8).lines())
                .hasSize(3)
                .contains("quorate_raft_term 2.0");
    }

    private String text() {
        return new String(page.text(), StandardCharsets.UTF_8);
    }
}
