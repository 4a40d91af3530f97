package io.quorate.ops;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import lombok.RequiredArgsConstructor;

/**
 * Calls of clients, under the names that servers of gRPC usually have. Every method is there from the start, with every
 * code, so that rates can be computed from the first call on.
 */
@RequiredArgsConstructor
public final class CallMetrics implements MultiCollector {

    /**
     * What is known about calls. Counters start at zero with the process.
     *
     * @param methods one for each method served
     * @param requests calls by whether they are streams and by the version that the client says to be
     * @param receivedBytes in messages of clients
     * @param sentBytes in messages to clients
     * @param slowCalls unary calls that took longer than the warning
     */
    public record Calls(
            List<MethodCalls> methods,
            List<ClientRequests> requests,
            long receivedBytes,
            long sentBytes,
            long slowCalls) {}

    /**
     * Calls of one method.
     *
     * @param type unary, server_stream, client_stream or bidi_stream
     * @param handled finished calls by code
     */
    public record MethodCalls(
            String service,
            String method,
            String type,
            long started,
            long received,
            long sent,
            Map<String, Long> handled) {}

    /** Calls of one kind by one version of client. */
    public record ClientRequests(String type, String version, long count) {}

    private final Supplier<Calls> calls;

    /** Publishes the metrics; the registry asks for them at every scrape. */
    public void registerWith(PrometheusRegistry registry) {
        registry.register(this);
    }

    @Override
    public MetricSnapshots collect() {
        Calls now = calls.get();
        List<MetricSnapshot> all = new ArrayList<>();
        all.add(counter(MetricNames.GRPC_STARTED, "Calls that began.", now, MethodCalls::started));
        all.add(counter(MetricNames.GRPC_RECEIVED, "Messages received in calls.", now, MethodCalls::received));
        all.add(counter(MetricNames.GRPC_SENT, "Messages sent in calls.", now, MethodCalls::sent));
        all.add(handled(now));
        all.add(requests(now));
        all.add(Metric.counterOf(
                MetricNames.CLIENT_RECEIVED_BYTES, "Bytes received in messages of clients.", now.receivedBytes()));
        all.add(Metric.counterOf(MetricNames.CLIENT_SENT_BYTES, "Bytes sent in messages to clients.", now.sentBytes()));
        all.add(Metric.counterOf(MetricNames.SLOW_CALLS, "Unary calls slower than the warning.", now.slowCalls()));
        return new MetricSnapshots(all);
    }

    private static CounterSnapshot counter(String name, String help, Calls now, ToLongFunction<MethodCalls> value) {
        CounterSnapshot.Builder counter =
                CounterSnapshot.builder().name(Metric.baseName(name)).help(help);
        for (MethodCalls method : now.methods()) {
            counter.dataPoint(point(value.applyAsLong(method), labels(method)));
        }
        return counter.build();
    }

    private static CounterSnapshot handled(Calls now) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name(Metric.baseName(MetricNames.GRPC_HANDLED))
                .help("Calls that ended, by their code, successful or not.");
        for (MethodCalls method : now.methods()) {
            method.handled()
                    .forEach((code, count) ->
                            counter.dataPoint(point(count, labels(method).merge(Labels.of("grpc_code", code)))));
        }
        return counter.build();
    }

    private static CounterSnapshot requests(Calls now) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name(Metric.baseName(MetricNames.CLIENT_REQUESTS))
                .help("Calls by the version that the client says to be.");
        for (ClientRequests requests : now.requests()) {
            Labels labels = Labels.of("type", requests.type(), "client_api_version", requests.version());
            counter.dataPoint(point(requests.count(), labels));
        }
        return counter.build();
    }

    private static Labels labels(MethodCalls method) {
        return Labels.of("grpc_type", method.type(), "grpc_service", method.service(), "grpc_method", method.method());
    }

    private static CounterDataPointSnapshot point(double value, Labels labels) {
        return CounterDataPointSnapshot.builder().value(value).labels(labels).build();
    }
}
