package io.quorate.ops;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One metric of durations: a histogram for each combination of labels. */
final class DurationMetric implements Collector {

    private final String name;
    private final String help;
    private final DurationHistogram.Shape shape;
    private final Map<Labels, DurationHistogram> points = new ConcurrentHashMap<>();

    DurationMetric(PrometheusRegistry registry, String name, String help, DurationHistogram.Shape shape) {
        this.name = name;
        this.help = help;
        this.shape = shape;
        registry.register(this);
    }

    /** The histogram for these labels; look it up once and keep it. */
    DurationHistogram at(Labels labels) {
        return points.computeIfAbsent(labels, ignored -> new DurationHistogram(shape));
    }

    @Override
    public HistogramSnapshot collect() {
        HistogramSnapshot.Builder snapshot =
                HistogramSnapshot.builder().name(name).help(help);
        points.forEach((labels, point) -> snapshot.dataPoint(point.read(labels)));
        return snapshot.build();
    }
}
