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

/** What was exchanged with each other member, as metrics under etcd's names. */
@RequiredArgsConstructor
final class PeerMetrics implements MultiCollector {

    private final MemberStatus status;

    void registerWith(PrometheusRegistry registry) {
        registry.register(this);
    }

    @Override
    public MetricSnapshots collect() {
        List<Peer> peers = status.peers().stream()
                .sorted((a, b) -> Long.compareUnsigned(a.id(), b.id()))
                .toList();
        String local = Long.toHexString(status.identity().memberId());
        Function<Peer, Labels> both = peer -> Labels.of("Local", local, "Remote", hex(peer));
        MetricSnapshot known = known(peers, local, both);
        if (peers.isEmpty()) {
            return new MetricSnapshots(List.of(known));
        }
        List<MetricSnapshot> all = new ArrayList<>(List.of(
                known,
                gauge(
                        MetricNames.ACTIVE_PEERS,
                        "1 if messages reach a member, 0 if not.",
                        peers,
                        both,
                        peer -> peer.active() ? 1 : 0),
                counter(
                        MetricNames.DISCONNECTED_PEERS,
                        "Connections to a member that were lost.",
                        peers,
                        both,
                        Peer::disconnects)));
        addTraffic(peers, all);
        addStates(peers, all);
        return new MetricSnapshots(all);
    }

    /** This member is one of them. */
    private static MetricSnapshot known(List<Peer> peers, String local, Function<Peer, Labels> both) {
        GaugeSnapshot.Builder known = GaugeSnapshot.builder()
                .name(MetricNames.KNOWN_PEERS)
                .help("1 for each member of the cluster, this one among them.")
                .dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(Labels.of("Local", local, "Remote", local))
                        .value(1)
                        .build());
        peers.forEach(peer -> known.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(both.apply(peer))
                .value(1)
                .build()));
        return known.build();
    }

    private static void addTraffic(List<Peer> peers, List<MetricSnapshot> all) {
        Function<Peer, Labels> to = peer -> Labels.of("To", hex(peer));
        Function<Peer, Labels> from = peer -> Labels.of("From", hex(peer));
        all.add(counter(MetricNames.PEER_SENT_BYTES, "Bytes sent to a member.", peers, to, Peer::sentBytes));
        all.add(counter(
                MetricNames.PEER_RECEIVED_BYTES, "Bytes received from a member.", peers, from, Peer::receivedBytes));
        all.add(counter(
                MetricNames.PEER_SENT_FAILURES, "Messages to a member not sent.", peers, to, Peer::sendFailures));
        all.add(counter(
                MetricNames.PEER_RECEIVED_FAILURES,
                "Frames and messages of a member that could not be used.",
                peers,
                from,
                Peer::receiveFailures));
    }

    private static void addStates(List<Peer> peers, List<MetricSnapshot> all) {
        Function<Peer, Labels> to = peer -> Labels.of("To", hex(peer));
        Function<Peer, Labels> from = peer -> Labels.of("From", hex(peer));
        all.add(gauge(
                MetricNames.SNAPSHOTS_BEING_SENT,
                "States on their way to a member.",
                peers,
                to,
                Peer::snapshotsBeingSent));
        all.add(gauge(
                MetricNames.SNAPSHOTS_BEING_RECEIVED,
                "States on their way from a member.",
                peers,
                from,
                Peer::snapshotsBeingReceived));
        all.add(counter(MetricNames.SNAPSHOT_SENT, "States that reached a member.", peers, to, Peer::snapshotsSent));
        all.add(counter(
                MetricNames.SNAPSHOT_SEND_FAILED,
                "States that did not reach a member.",
                peers,
                to,
                Peer::snapshotSendsFailed));
        all.add(counter(
                MetricNames.SNAPSHOT_RECEIVED,
                "States that arrived from a member.",
                peers,
                from,
                Peer::snapshotsReceived));
        all.add(counter(
                MetricNames.SNAPSHOT_RECEIVE_FAILED,
                "States of a member that did not arrive whole.",
                peers,
                from,
                Peer::snapshotReceivesFailed));
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

    private static MetricSnapshot counter(
            String name, String help, List<Peer> peers, Function<Peer, Labels> labels, ToDoubleFunction<Peer> value) {
        CounterSnapshot.Builder counter =
                CounterSnapshot.builder().name(Metric.baseName(name)).help(help);
        peers.forEach(peer -> counter.dataPoint(CounterDataPointSnapshot.builder()
                .labels(labels.apply(peer))
                .value(value.applyAsDouble(peer))
                .build()));
        return counter.build();
    }
}
