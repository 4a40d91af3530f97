package io.quorate.ops;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** TLS handshakes that failed, by port. */
public final class TlsMetrics implements MultiCollector {

    private final Map<String, LongSupplier> failures;

    /** @param failures the name of a port, and what counts there */
    public TlsMetrics(Map<String, LongSupplier> failures) {
        this.failures = new TreeMap<>(failures);
    }

    /** Publishes the metrics; the registry asks for them at every scrape. */
    public void registerWith(PrometheusRegistry registry) {
        registry.register(this);
    }

    @Override
    public MetricSnapshots collect() {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name(Metric.baseName(MetricNames.TLS_FAILURES))
                .help("TLS handshakes that failed.");
        failures.forEach((port, count) -> counter.dataPoint(CounterDataPointSnapshot.builder()
                .labels(Labels.of("port", port))
                .value(count.getAsLong())
                .build()));
        return MetricSnapshots.of(counter.build());
    }
}
