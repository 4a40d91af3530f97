package io.quorate.ops;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts the answers of etcd's {@code /health}, {@code /livez} and {@code /readyz}; callable from any thread. */
public final class HealthCounters implements MultiCollector {

    private final LongAdder successes = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Map<Labels, CheckResults> checks = new ConcurrentHashMap<>();

    private static final class CheckResults {

        private final LongAdder successes = new LongAdder();
        private final LongAdder failures = new LongAdder();
        private volatile boolean healthy;
    }

    public HealthCounters(PrometheusRegistry registry) {
        registry.register(this);
    }

    /** {@code /health} was answered. */
    public void record(boolean healthy) {
        (healthy ? successes : failures).increment();
    }

    /**
     * One check behind {@code /livez} or {@code /readyz} was run.
     *
     * @param type livez or readyz
     */
    public void record(String type, String name, boolean healthy) {
        CheckResults results =
                checks.computeIfAbsent(Labels.of("type", type, "name", name), ignored -> new CheckResults());
        (healthy ? results.successes : results.failures).increment();
        results.healthy = healthy;
    }

    @Override
    public MetricSnapshots collect() {
        GaugeSnapshot.Builder newest = GaugeSnapshot.builder()
                .name(MetricNames.HEALTH_CHECK)
                .help("1 if a check succeeded when it was last run, 0 if not.");
        CounterSnapshot.Builder all = CounterSnapshot.builder()
                .name(Metric.baseName(MetricNames.HEALTH_CHECKS))
                .help("Checks run, by their result.");
        checks.forEach((labels, results) -> {
            newest.dataPoint(GaugeDataPointSnapshot.builder()
                    .value(results.healthy ? 1 : 0)
                    .labels(labels)
                    .build());
            all.dataPoint(point(labels, "success", results.successes));
            all.dataPoint(point(labels, "error", results.failures));
        });
        return MetricSnapshots.of(
                Metric.counterOf(MetricNames.HEALTH_SUCCESS, "Health checks that succeeded.", successes.sum()),
                Metric.counterOf(MetricNames.HEALTH_FAILURES, "Health checks that failed.", failures.sum()),
                newest.build(),
                all.build());
    }

    private static CounterDataPointSnapshot point(Labels labels, String status, LongAdder count) {
        return CounterDataPointSnapshot.builder()
                .value(count.sum())
                .labels(labels.merge(Labels.of("status", status)))
                .build();
    }
}
