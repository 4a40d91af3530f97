package io.quorate.node.transport;

import io.quorate.base.Buckets;
import io.quorate.base.Metered;
import io.quorate.base.Meters;
import io.quorate.base.Meters.Points;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;

/** Publishes what was exchanged with each other member. Counters start at zero with the process, or when it became a member. */
public final class PeerMeters implements Metered {

    private final PeerNetwork network;
    private final String local;

    /** @param local the id of this member */
    public PeerMeters(PeerNetwork network, long local) {
        this.network = network;
        this.local = Long.toHexString(local);
    }

    /** Gives the recorder of the round trip times to a member, in nanoseconds. */
    public static LongFunction<LongConsumer> roundTrips(Meters meters) {
        Meters.Distributions roundTrip = meters.distributions(
                "etcd_network_peer_round_trip_time_seconds", "Round trip to a member.", Buckets.seconds(100_000, 16));
        return to -> roundTrip.at("To", Long.toHexString(to));
    }

    @Override
    public void register(Meters meters) {
        meters.flag(
                "quorate_known_by_another_log",
                "1 if another member said within a minute that it knows this one by another log, 0 otherwise.",
                network::isForgotten);
        registerMembers(meters);
        registerTraffic(meters);
        registerSnapshots(meters);
    }

    private void registerMembers(Meters meters) {
        meters.gauges("etcd_network_known_peers", "1 for each member of the cluster, this one among them.", points -> {
            points.add(1, "Local", local, "Remote", local);
            network.counters().keySet().forEach(id -> points.add(1, both(id)));
        });
        meters.gauges(
                "etcd_network_active_peers",
                "1 if messages reach a member, 0 if not.",
                points -> network.counters()
                        .keySet()
                        .forEach(id -> points.add(network.activeSinceNanos(id) != 0 ? 1 : 0, both(id))));
        meters.counters(
                "etcd_network_disconnected_peers_total",
                "Connections to a member that were lost.",
                points -> network.counters().forEach((id, peer) -> points.add(peer.disconnects(), both(id))));
    }

    private String[] both(long id) {
        return new String[] {"Local", local, "Remote", Long.toHexString(id)};
    }

    private void registerTraffic(Meters meters) {
        meters.counters("etcd_network_peer_sent_bytes_total", "Bytes sent to a member.", to(PeerCounters::sentBytes));
        meters.counters(
                "etcd_network_peer_received_bytes_total",
                "Bytes received from a member.",
                from(PeerCounters::receivedBytes));
        meters.counters(
                "etcd_network_peer_sent_failures_total",
                "Messages to a member not sent.",
                to(PeerCounters::sendFailures));
        meters.counters(
                "etcd_network_peer_received_failures_total",
                "Frames and messages of a member that could not be used.",
                from(PeerCounters::receiveFailures));
    }

    private void registerSnapshots(Meters meters) {
        meters.gauges(
                "etcd_network_snapshot_send_inflights_total",
                "States on their way to a member.",
                to(peer -> peer.snapshotSends().underWay()));
        meters.gauges(
                "etcd_network_snapshot_receive_inflights_total",
                "States on their way from a member.",
                from(peer -> peer.snapshotReceives().underWay()));
        meters.counters(
                "etcd_network_snapshot_send_success",
                "States that reached a member.",
                to(peer -> peer.snapshotSends().succeeded()));
        meters.counters(
                "etcd_network_snapshot_send_failures",
                "States that did not reach a member.",
                to(peer -> peer.snapshotSends().failed()));
        meters.counters(
                "etcd_network_snapshot_receive_success",
                "States that arrived from a member.",
                from(peer -> peer.snapshotReceives().succeeded()));
        meters.counters(
                "etcd_network_snapshot_receive_failures",
                "States of a member that did not arrive whole.",
                from(peer -> peer.snapshotReceives().failed()));
    }

    private Consumer<Points> to(ToDoubleFunction<PeerCounters> value) {
        return each("To", value);
    }

    private Consumer<Points> from(ToDoubleFunction<PeerCounters> value) {
        return each("From", value);
    }

    private Consumer<Points> each(String label, ToDoubleFunction<PeerCounters> value) {
        return points -> network.counters()
                .forEach((id, peer) -> points.add(value.applyAsDouble(peer), label, Long.toHexString(id)));
    }
}
