package io.quorate.ops;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.concurrent.atomic.LongAdder;

/** Counts the answers of etcd's {@code /health}; callable from any thread. */
public final class HealthCounters implements MultiCollector {

    private final LongAdder successes = new LongAdder();
    private final LongAdder failures = new LongAdder();

    public HealthCounters(PrometheusRegistry registry) {
        registry.register(this);
    }

    public void record(boolean healthy) {
        (healthy ? successes : failures).increment();
    }

    @Override
    public MetricSnapshots collect() {
        return MetricSnapshots.of(
                Metric.counterOf(MetricNames.HEALTH_SUCCESS, "Successful health checks.", successes.sum()),
                Metric.counterOf(MetricNames.HEALTH_FAILURES, "Failed health checks.", failures.sum()));
    }
}
