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
import io.quorate.ops.MemberStatus.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import lombok.RequiredArgsConstructor;

/** What was exchanged with each other member, as metrics under etcd's names; nothing on a lone member. */
@RequiredArgsConstructor
final class PeerMetrics implements MultiCollector {

    private static final String TOTAL = "_total";

    private final MemberStatus status;

    void registerWith(PrometheusRegistry registry) {
        registry.register(this);
    }

    @Override
    public MetricSnapshots collect() {
        List<Peer> peers = status.peers().stream()
                .sorted((a, b) -> Long.compareUnsigned(a.id(), b.id()))
                .toList();
        if (peers.isEmpty()) {
            return new MetricSnapshots();
        }
        String local = Long.toHexString(status.identity().memberId());
        Function<Peer, Labels> both = peer -> Labels.of("Local", local, "Remote", hex(peer));
        Function<Peer, Labels> to = peer -> Labels.of("To", hex(peer));
        Function<Peer, Labels> from = peer -> Labels.of("From", hex(peer));
        return new MetricSnapshots(List.of(
                gauge(MetricNames.ACTIVE_PEERS, "Members that can be reached.", peers, both, p -> p.active() ? 1 : 0),
                gauge(MetricNames.KNOWN_PEERS, "Members known.", peers, both, peer -> 1),
                counter(MetricNames.DISCONNECTED_PEERS, "Connections lost.", peers, both, Peer::disconnects),
                counter(MetricNames.PEER_SENT_BYTES, "Bytes sent.", peers, to, Peer::sentBytes),
                counter(MetricNames.PEER_RECEIVED_BYTES, "Bytes received.", peers, from, Peer::receivedBytes),
                counter(MetricNames.PEER_SENT_FAILURES, "Messages not sent.", peers, to, Peer::sendFailures),
                counter(MetricNames.PEER_RECEIVED_FAILURES, "Messages not taken.", peers, from, Peer::receiveFailures),
                gauge(MetricNames.SNAPSHOTS_BEING_SENT, "Snapshots being sent.", peers, to, Peer::snapshotsBeingSent),
                gauge(
                        MetricNames.SNAPSHOTS_BEING_RECEIVED,
                        "Snapshots being received.",
                        peers,
                        from,
                        Peer::snapshotsBeingReceived)));
    }

    private static String hex(Peer peer) {
        return Long.toHexString(peer.id());
    }

    private static MetricSnapshot gauge(
            String name, String help, List<Peer> peers, Function<Peer, Labels> labels, ToDoubleFunction<Peer> value) {
        List<GaugeDataPointSnapshot> points = new ArrayList<>();
        peers.forEach(peer -> points.add(GaugeDataPointSnapshot.builder()
                .labels(labels.apply(peer))
                .value(value.applyAsDouble(peer))
                .build()));
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        points.forEach(gauge::dataPoint);
        return gauge.build();
    }

    /** The model keeps the name of a counter without its ending, which the text format puts back. */
    private static MetricSnapshot counter(
            String name, String help, List<Peer> peers, Function<Peer, Labels> labels, ToDoubleFunction<Peer> value) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name(name.substring(0, name.length() - TOTAL.length()))
                .help(help);
        peers.forEach(peer -> counter.dataPoint(CounterDataPointSnapshot.builder()
                .labels(labels.apply(peer))
                .value(value.applyAsDouble(peer))
                .build()));
        return counter.build();
    }
}
