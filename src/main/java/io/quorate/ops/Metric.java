package io.quorate.ops;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.function.ToDoubleFunction;

/**
 * One line of the table of metrics: where its value is found in a picture of type {@code S}.
 *
 * @param name as published
 * @param counter whether it is a counter; a gauge otherwise
 * @param help one line of meaning
 * @param value reads it
 */
record Metric<S>(String name, boolean counter, String help, ToDoubleFunction<S> value) {

    private static final String TOTAL = "_total";

    static <S> Metric<S> gauge(String name, String help, ToDoubleFunction<S> value) {
        return new Metric<>(name, false, help, value);
    }

    static <S> Metric<S> counter(String name, String help, ToDoubleFunction<S> value) {
        return new Metric<>(name, true, help, value);
    }

    MetricSnapshot read(S picture) {
        double now = value.applyAsDouble(picture);
        return counter ? counterOf(name, help, now) : gaugeOf(name, help, now, Labels.EMPTY);
    }

    static MetricSnapshot gaugeOf(String name, String help, double value, Labels labels) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder()
                        .value(value)
                        .labels(labels)
                        .build())
                .build();
    }

    /** The model keeps the name of a counter without its ending, which the text format puts back. */
    static String baseName(String name) {
        return name.endsWith(TOTAL) ? name.substring(0, name.length() - TOTAL.length()) : name;
    }

    static MetricSnapshot counterOf(String name, String help, double value) {
        return CounterSnapshot.builder()
                .name(baseName(name))
                .help(help)
                .dataPoint(CounterDataPointSnapshot.builder().value(value).build())
                .build();
    }
}
