package io.quorate.ops;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.quorate.base.Meters;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the parts of a member count, for the Prometheus registry. It talks to that registry itself because Micrometer derives the
 * published name from the type and so cannot express etcd's gauges that end in {@code _total}.
 */
public final class RegisteredMeters implements Meters, MultiCollector {

    private final List<Supplier<MetricSnapshot>> meters = new CopyOnWriteArrayList<>();

    /** @param registry asks for the values at every scrape */
    public RegisteredMeters(PrometheusRegistry registry) {
        registry.register(this);
    }

    @Override
    public void counter(String name, String help, LongSupplier value) {
        meters.add(() -> Metric.counterOf(name, help, value.getAsLong()));
    }

    @Override
    public void gauge(String name, String help, LongSupplier value) {
        meters.add(() -> Metric.gaugeOf(name, help, value.getAsLong(), Labels.EMPTY));
    }

    @Override
    public MetricSnapshots collect() {
        return new MetricSnapshots(meters.stream().map(Supplier::get).toList());
    }
}
