package io.quorate.wiring;

import io.quorate.apply.ConsistentIndex;
import io.quorate.apply.LogGate;
import io.quorate.config.ClientProperties;
import io.quorate.config.ClusterProperties;
import io.quorate.config.LimitsProperties;
import io.quorate.config.MemberProperties;
import io.quorate.config.RaftProperties;
import io.quorate.membership.MemberRemovedException;
import io.quorate.membership.MemberRepository;
import io.quorate.membership.Membership;
import io.quorate.membership.Versions;
import io.quorate.node.CheckedInbox;
import io.quorate.node.RaftNode;
import io.quorate.node.transport.PeerIdentity;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.node.transport.PeerOptions;
import io.quorate.ops.MemberDurations;
import io.quorate.proto.Metadata;
import io.quorate.server.ReadyHandler;
import io.quorate.server.RunLoop;
import io.quorate.storage.Database;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The other members: who they are and how they are reached. */
@Configuration(proxyBeanMethods = false)
class PeerWiring {

    /** What a frame holds besides the largest request. */
    private static final int FRAME_SLACK_BYTES = 1 << 20;

    private static final int FRAME_BYTES_MIN = 64 << 20;

    @Bean
    PeerOptions peerOptions(ClientProperties client, LimitsProperties limits, SecurityWiring.SecuredPorts ports) {
        long frame = Math.max(FRAME_BYTES_MIN, client.maxRequestBytes().toBytes() + FRAME_SLACK_BYTES);
        return PeerOptions.DEFAULT
                .withQueueBytesMax(limits.peerQueue().toBytes())
                .withSnapshotBytesPerSecond(limits.snapshotBandwidth().toBytes())
                .withFrameBytesMax((int) Math.min(Integer.MAX_VALUE, frame))
                .withAccepting(ports.peers().accepting())
                .withDialling(ports.peers().dialling());
    }

    /** The database comes first: opening it locks the data directory. */
    @Bean
    Origin origin(
            Database database,
            MemberProperties member,
            ClusterProperties cluster,
            MemberRepository members,
            PeerOptions options) {
        return new OriginFinder(
                        member,
                        cluster,
                        members,
                        options,
                        new SrvDiscovery(SrvDiscovery.OF_THE_MACHINE),
                        new ConsistentIndex(database).index())
                .find();
    }

    @Bean
    Metadata identity(Origin origin) {
        return origin.identity();
    }

    @Bean
    ClusterDirectory clusterDirectory(Membership membership, Origin origin) {
        return new ClusterDirectory(membership, origin);
    }

    @Bean(destroyMethod = "")
    PeerNetwork peerNetwork(
            Metadata identity, ClusterDirectory directory, PeerOptions options, MemberDurations durations) {
        PeerNetwork network = new PeerNetwork(
                new PeerIdentity(identity.getClusterID(), identity.getNodeID(), Versions.SERVER), directory, options);
        network.measureRoundTrips(durations::peerRoundTrip);
        return network;
    }

    @Bean
    Departure departure(Membership membership, ObjectProvider<RunLoop> runLoop) {
        Departure departure =
                new Departure(membership, cause -> runLoop.getObject().failed(cause));
        if (membership.isRemoved(membership.localId())) {
            throw new MemberRemovedException(membership.localId());
        }
        membership.onChange(departure::check);
        return departure;
    }

    @Bean
    PeerRefusals peerRefusals(
            ClusterDirectory directory,
            Departure departure,
            Metadata identity,
            ReadyHandler handler,
            ObjectProvider<RunLoop> runLoop) {
        return new PeerRefusals(
                directory,
                departure,
                identity.getClusterID(),
                () -> handler.leader() != 0,
                cause -> runLoop.getObject().failed(cause));
    }

    @Bean
    PeerLifecycle peerLifecycle(
            PeerNetwork network,
            ClusterDirectory directory,
            ClusterProperties cluster,
            RaftProperties raft,
            RaftNode node,
            Membership membership,
            PeerRefusals refusals) {
        network.deliverTo(new CheckedInbox(node, new LogGate(membership::clusterVersion)::refusal));
        network.onRefusal(refusals);
        if (raft.initialElectionTickAdvance()) {
            network.onActive(new FirstQuorum(network, directory, () -> node.advanceElection(raft.electionTicks())));
        }
        membership.onChange(() -> network.setPeers(directory.peers()));
        return new PeerLifecycle(network, directory, cluster);
    }
}
