package io.quorate.ops;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Memory and connections that clients have, and how many requests waited for some or were refused. */
public final class MemoryMetrics implements MultiCollector {

    /**
     * One account, now.
     *
     * @param waiting calls that wait for room
     * @param waits calls that have had to
     * @param refusals calls that were refused
     */
    public record Account(long heldBytes, long limitBytes, long waiting, long waits, long refusals) {}

    /**
     * Connections of clients, now.
     *
     * @param refused those that were closed because there were too many
     */
    public record Connections(long open, long limit, long refused) {}

    private final Map<String, Supplier<Account>> accounts;
    private final Supplier<Connections> connections;

    /** @param accounts by what they are for */
    public MemoryMetrics(Map<String, Supplier<Account>> accounts, Supplier<Connections> connections) {
        this.accounts = new TreeMap<>(accounts);
        this.connections = connections;
    }

    /** Publishes the metrics; the registry asks for them at every scrape. */
    public void registerWith(PrometheusRegistry registry) {
        registry.register(this);
    }

    @Override
    public MetricSnapshots collect() {
        Connections now = connections.get();
        return MetricSnapshots.of(
                gauge(MetricNames.CLIENT_CONNECTIONS, "Open connections of clients.", now.open()),
                gauge(
                        MetricNames.CLIENT_CONNECTIONS_LIMIT,
                        "Connections that the file descriptors allow clients.",
                        now.limit()),
                counter(
                        MetricNames.CLIENT_CONNECTIONS_REFUSED,
                        "Connections closed as there were too many.",
                        now.refused()),
                gauge(MetricNames.CLIENT_MEMORY_HELD, "Bytes held for clients.", Account::heldBytes),
                gauge(
                        MetricNames.CLIENT_MEMORY_LIMIT,
                        "Bytes that may be held before calls wait.",
                        Account::limitBytes),
                gauge(MetricNames.CLIENT_MEMORY_WAITING, "Calls that wait for memory.", Account::waiting),
                counter(MetricNames.CLIENT_MEMORY_WAITS, "Calls that had to wait for memory.", Account::waits),
                counter(MetricNames.CLIENT_MEMORY_REFUSALS, "Calls refused for want of memory.", Account::refusals));
    }

    private static MetricSnapshot gauge(String name, String help, long value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                .build();
    }

    private static MetricSnapshot counter(String name, String help, long value) {
        return CounterSnapshot.builder()
                .name(Metric.baseName(name))
                .help(help)
                .dataPoint(CounterDataPointSnapshot.builder().value(value).build())
                .build();
    }

    private MetricSnapshot gauge(String name, String help, ToLongFunction<Account> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        accounts.forEach((account, now) -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of("account", account))
                .value(value.applyAsLong(now.get()))
                .build()));
        return gauge.build();
    }

    private MetricSnapshot counter(String name, String help, ToLongFunction<Account> value) {
        CounterSnapshot.Builder counter =
                CounterSnapshot.builder().name(Metric.baseName(name)).help(help);
        accounts.forEach((account, now) -> counter.dataPoint(CounterDataPointSnapshot.builder()
                .labels(Labels.of("account", account))
                .value(value.applyAsLong(now.get()))
                .build()));
        return counter.build();
    }
}
