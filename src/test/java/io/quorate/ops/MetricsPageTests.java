package io.quorate.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.quorate.base.Buckets;
import io.quorate.base.Fault;
import io.quorate.base.Meters;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

class MetricsPageTests {

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final RegisteredMeters meters = new RegisteredMeters(registry);
    private final MetricsPage page = new MetricsPage(registry, meters);

    @Test
    void textWhenPartsRegisterWhatTheyCountHasTheirNamesAndTypes() {
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
    void textWhenPartsRegisterLabelsHasOneLineForEach() {
        meters.counters("etcd_network_snapshot_send_success", "States that reached a member.", points -> {
            points.add(2, "To", "b");
            points.add(1, "To", "a");
        });
        meters.gauges("etcd_server_id", "1.", points -> points.add(1, "server_id", "abc"));
        meters.gauges("etcd_debugging_server_alarms", "1 for each alarm that is raised.", points -> {});
        assertThat(text())
                .contains("# TYPE etcd_network_snapshot_send_success counter\n"
                        + "etcd_network_snapshot_send_success{To=\"a\"} 1.0\n"
                        + "etcd_network_snapshot_send_success{To=\"b\"} 2.0\n")
                .contains("# TYPE etcd_server_id gauge\netcd_server_id{server_id=\"abc\"} 1.0\n")
                .doesNotContain("etcd_debugging_server_alarms", "send_success_total");
    }

    @Test
    void registerWhenANameIsTakenFails() {
        meters.gauge("quorate_raft_term", "Term.", () -> 1);
        assertThatThrownBy(() -> meters.counter("quorate_raft_term", "Term.", () -> 1))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("quorate_raft_term");
    }

    @Test
    void textWhenDurationsAreRecordedHasEtcdsBuckets() {
        Buckets disk = Buckets.seconds(1_000_000, 14);
        meters.distribution("etcd_disk_wal_fsync_duration_seconds", "Time of an fsync.", disk)
                .accept(1_500_000);
        LongConsumer unused =
                meters.distribution("etcd_disk_backend_commit_duration_seconds", "Time of a write.", disk);
        Meters.Distributions apply = meters.distributions("etcd_server_apply_duration_seconds", "Time.", disk);
        apply.at("version", "v3", "op", "Put", "success", "true").accept(150_000);
        apply.at("op", "Put", "success", "true", "version", "v3").accept(150_000);
        meters.distribution("etcd_compaction_milliseconds", "Time of a step.", Buckets.milliseconds(1_000_000, 13))
                .accept(3_000_000);
        assertThat(text())
                .contains("# TYPE etcd_disk_wal_fsync_duration_seconds histogram\n")
                .contains("etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.001\"} 0\n")
                .contains("etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.002\"} 1\n")
                .contains("etcd_disk_wal_fsync_duration_seconds_bucket{le=\"8.192\"} 1\n")
                .contains("etcd_disk_wal_fsync_duration_seconds_sum 0.0015\n")
                .contains("etcd_disk_wal_fsync_duration_seconds_count 1\n")
                .contains("etcd_disk_backend_commit_duration_seconds_count 0\n")
                .contains("etcd_server_apply_duration_seconds_count{op=\"Put\",success=\"true\",version=\"v3\"} 2\n")
                .contains("etcd_compaction_milliseconds_sum 3.0\n");
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
        new ProcessMetrics().register(meters);
        assertThat(text().lines().filter(line -> line.startsWith("# TYPE ")))
                .doesNotHaveDuplicates()
                .contains("# TYPE process_resident_memory_bytes gauge", "# TYPE process_cpu_seconds_total counter")
                .contains("# TYPE os_fd_used gauge", "# TYPE os_fd_limit gauge", "# TYPE process_open_fds gauge");
    }

    @Test
    void textWhenNamesAreAskedForHasOnlyThose() {
        meters.gauge("quorate_apply_gap_entries", "Gap.", () -> 2);
        meters.gauge("quorate_raft_term", "Term.", () -> 1);
        assertThat(new String(page.text("quorate_apply_gap_entries"::equals), StandardCharsets.UTF_8).lines())
                .hasSize(3)
                .contains("quorate_apply_gap_entries 2.0");
    }

    private String text() {
        return new String(page.text(), StandardCharsets.UTF_8);
    }
}
