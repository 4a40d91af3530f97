package io.quorate.ops;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import lombok.RequiredArgsConstructor;

/**
 * All metrics as text in Prometheus' format 0.0.4, the one etcd answers with on its client port and everywhere else.
 *
 * <p>The library appends {@code _total} to every counter. The few counters of etcd without that ending are written here.
 */
@RequiredArgsConstructor
public final class MetricsPage {

    /** The content type of {@link #text()}. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusRegistry registry;
    private final RegisteredMeters meters;
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

    /** Everything. */
    public byte[] text() {
        return text(name -> true);
    }

    /** The metrics whose name is accepted; counters are asked for without {@code _total}. */
    public byte[] text(Predicate<String> names) {
        List<MetricSnapshot> ordinary = new ArrayList<>();
        List<CounterSnapshot> plain = new ArrayList<>();
        for (MetricSnapshot snapshot : registry.scrape(names)) {
            if (snapshot instanceof CounterSnapshot counter
                    && meters.isCounterWithoutTotal(counter.getMetadata().getName())) {
                plain.add(counter);
            } else {
                ordinary.add(snapshot);
            }
        }
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        try {
            writer.write(page, new MetricSnapshots(ordinary));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        plain.forEach(counter -> page.writeBytes(lines(counter).getBytes(StandardCharsets.UTF_8)));
        return page.toByteArray();
    }

    private static String lines(CounterSnapshot counter) {
        String name = counter.getMetadata().getName();
        StringBuilder lines = new StringBuilder(
                "# HELP " + name + " " + counter.getMetadata().getHelp() + "\n# TYPE " + name + " counter\n");
        counter.getDataPoints()
                .forEach(point -> lines.append(name)
                        .append(labels(point.getLabels()))
                        .append(' ')
                        .append(point.getValue())
                        .append('\n'));
        return lines.toString();
    }

    /** The values are ids in hexadecimal, so that nothing has to be escaped. */
    private static String labels(Labels labels) {
        return labels.isEmpty()
                ? ""
                : labels.stream()
                        .map(label -> label.getName() + "=\"" + label.getValue() + "\"")
                        .collect(Collectors.joining(",", "{", "}"));
    }
}
