package io.quorate.ops;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.quorate.base.Buckets;
import io.quorate.base.Fault;
import io.quorate.base.Meters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the parts of a member count, for the Prometheus registry. It talks to that registry itself because Micrometer derives the
 * published name from the type and so cannot express etcd's gauges that end in {@code _total}.
 */
public final class RegisteredMeters implements Meters, MultiCollector {

    private static final String TOTAL = "_total";

    /** By the published name. */
    private final Map<String, Supplier<MetricSnapshot>> meters = new ConcurrentHashMap<>();

    /** @param registry asks for the values at every scrape */
    public RegisteredMeters(PrometheusRegistry registry) {
        registry.register(this);
    }

    @Override
    public void counters(String name, String help, Consumer<Points> values) {
        add(name, () -> {
            CounterSnapshot.Builder counter = counter(name, help);
            values.accept((value, labels) -> counter.dataPoint(CounterDataPointSnapshot.builder()
                    .value(value)
                    .labels(Labels.of(labels))
                    .build()));
            return counter.build();
        });
    }

    @Override
    public void gauges(String name, String help, Consumer<Points> values) {
        add(name, () -> {
            GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
            values.accept((value, labels) -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                    .value(value)
                    .labels(Labels.of(labels))
                    .build()));
            return gauge.build();
        });
    }

    @Override
    public Distributions distributions(String name, String help, Buckets buckets) {
        Map<Labels, Histogram> points = new ConcurrentHashMap<>();
        add(name, () -> {
            HistogramSnapshot.Builder snapshot =
                    HistogramSnapshot.builder().name(name).help(help);
            points.forEach((labels, point) -> snapshot.dataPoint(point.read(labels)));
            return snapshot.build();
        });
        return labels -> points.computeIfAbsent(Labels.of(labels), ignored -> new Histogram(buckets));
    }

    private void add(String name, Supplier<MetricSnapshot> meter) {
        Fault.check(meters.put(name, meter) == null, "the metric %s is registered twice", name);
    }

    /** Whether a counter, which the model knows without an ending, is published without one. */
    boolean isCounterWithoutTotal(String name) {
        return meters.containsKey(name);
    }

    /** The model keeps the name of a counter without its ending, which the text format puts back. */
    static CounterSnapshot.Builder counter(String name, String help) {
        return CounterSnapshot.builder()
                .name(name.endsWith(TOTAL) ? name.substring(0, name.length() - TOTAL.length()) : name)
                .help(help);
    }

    @Override
    public MetricSnapshots collect() {
        return new MetricSnapshots(meters.values().stream()
                .map(Supplier::get)
                .filter(snapshot -> !snapshot.getDataPoints().isEmpty())
                .toList());
    }
}
