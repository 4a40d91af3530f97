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

/** Memory that is held for clients, and who had to wait for some or was refused. */
public final class MemoryMetrics implements MultiCollector {

    /**
     * One account, now.
     *
     * @param waiting calls that wait for room
     * @param waits calls that have had to
     * @param refusals calls that were refused
     */
    public record Account(long heldBytes, long limitBytes, long waiting, long waits, long refusals) {}

    private final Map<String, Supplier<Account>> accounts;

    /** @param accounts by what they are for */
    public MemoryMetrics(Map<String, Supplier<Account>> accounts) {
        this.accounts = new TreeMap<>(accounts);
    }

    /** Publishes the metrics; the registry asks for them at every scrape. */
    public void registerWith(PrometheusRegistry registry) {
        registry.register(this);
    }

    @Override
    public MetricSnapshots collect() {
        return MetricSnapshots.of(
                gauge(MetricNames.CLIENT_MEMORY_HELD, "Bytes held for clients.", Account::heldBytes),
                gauge(
                        MetricNames.CLIENT_MEMORY_LIMIT,
                        "Bytes that may be held before calls wait.",
                        Account::limitBytes),
                gauge(MetricNames.CLIENT_MEMORY_WAITING, "Calls that wait for memory.", Account::waiting),
                counter(MetricNames.CLIENT_MEMORY_WAITS, "Calls that had to wait for memory.", Account::waits),
                counter(MetricNames.CLIENT_MEMORY_REFUSALS, "Calls refused for want of memory.", Account::refusals));
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
