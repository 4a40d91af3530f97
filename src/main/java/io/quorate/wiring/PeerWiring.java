package io.quorate.wiring;

import io.quorate.apply.ConsistentIndex;
import io.quorate.apply.LogGate;
import io.quorate.base.FileDescriptors;
import io.quorate.base.MonotonicClock;
import io.quorate.bootstrap.ClusterDirectory;
import io.quorate.bootstrap.EnrolmentRegister;
import io.quorate.bootstrap.FirstQuorum;
import io.quorate.bootstrap.IdentityFinder;
import io.quorate.bootstrap.IdentityFinder.MemberIdentity;
import io.quorate.bootstrap.LoneStart;
import io.quorate.bootstrap.PeerRefusals;
import io.quorate.bootstrap.SrvDiscovery;
import io.quorate.config.ClientSettings;
import io.quorate.config.ClusterSettings;
import io.quorate.config.LimitSettings;
import io.quorate.config.MemberSettings;
import io.quorate.config.RaftSettings;
import io.quorate.membership.MemberRepository;
import io.quorate.membership.Membership;
import io.quorate.membership.MembershipException.MemberRemovedException;
import io.quorate.membership.SelfRemoval;
import io.quorate.membership.Versions;
import io.quorate.node.CheckedInbox;
import io.quorate.node.RaftNode;
import io.quorate.node.SnapshotArrivals;
import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.node.transport.CallHandler;
import io.quorate.node.transport.PeerIdentity;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.node.transport.PeerSettings;
import io.quorate.node.transport.SnapshotSink;
import io.quorate.ops.MemberDurations;
import io.quorate.proto.Metadata;
import io.quorate.server.ConsensusState;
import io.quorate.server.ErrorChannel;
import io.quorate.storage.Database;
import java.util.concurrent.ForkJoinPool;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The other members and how they are reached. */
@Configuration(proxyBeanMethods = false)
class PeerWiring {

    /** What a frame holds besides the largest request. */
    private static final int FRAME_SLACK_BYTES = 1 << 20;

    private static final int FRAME_BYTES_MIN = 64 << 20;

    @Bean
    PeerSettings peerOptions(ClientSettings client, LimitSettings limits, SecurityWiring.SecuredPorts ports) {
        long frame = Math.max(FRAME_BYTES_MIN, client.maxRequestBytes().toBytes() + FRAME_SLACK_BYTES);
        return PeerSettings.DEFAULT
                .withQueueBytesMax(limits.peerQueue().toBytes())
                .withSnapshotBytesPerSecond(limits.snapshotBandwidth().toBytes())
                .withConnectionsMax(FileDescriptors.ofProcess().peers())
                .withFrameBytesMax((int) Math.min(Integer.MAX_VALUE, frame))
                .withAccepting(ports.peers().accepting())
                .withDialling(ports.peers().dialling());
    }

    @Bean(destroyMethod = "close")
    LoneStart loneStart() {
        return new LoneStart();
    }

    /** The database comes first: opening it locks the data directory. */
    @Bean
    MemberIdentity origin(
            Database database,
            MemberSettings member,
            ClusterSettings cluster,
            MemberRepository members,
            PeerSettings options,
            LoneStart loneStart) {
        return new IdentityFinder(
                        member,
                        cluster,
                        members,
                        options,
                        new SrvDiscovery(SrvDiscovery.OF_THE_MACHINE),
                        loneStart,
                        new ConsistentIndex(database).index())
                .find();
    }

    @Bean
    Metadata identity(MemberIdentity origin) {
        return origin.identity();
    }

    @Bean
    ClusterDirectory clusterDirectory(Membership membership, MemberIdentity origin) {
        return new ClusterDirectory(membership, origin);
    }

    @Bean(destroyMethod = "")
    PeerNetwork peerNetwork(
            Metadata identity,
            EnrolmentRegister register,
            ClusterDirectory directory,
            PeerSettings options,
            MemberDurations durations) {
        PeerNetwork network = new PeerNetwork(
                new PeerIdentity(identity.getClusterID(), identity.getNodeID(), Versions.SERVER, register),
                directory,
                options);
        network.measureRoundTrips(durations::peerRoundTrip);
        return network;
    }

    @Bean
    SelfRemoval departure(Membership membership, ErrorChannel errors) {
        SelfRemoval departure = new SelfRemoval(membership, errors);
        if (membership.isRemoved(membership.localId())) {
            throw new MemberRemovedException(membership.localId());
        }
        membership.onChange(departure::check);
        return departure;
    }

    @Bean
    PeerRefusals peerRefusals(
            ClusterDirectory directory,
            SelfRemoval departure,
            Metadata identity,
            ConsensusState consensus,
            ErrorChannel errors,
            MonotonicClock clock) {
        return new PeerRefusals(
                directory, departure, identity.getClusterID(), () -> consensus.leader() != 0, errors, clock);
    }

    /** Receives what other members send beside messages. */
    record PeerReceivers(SnapshotSink states, CallHandler calls, PeerRefusals refusals, LoneStart before) {

        void connect(PeerNetwork network) {
            network.receiveStatesBy(states);
            network.answerCallsBy(calls);
            network.onRefusal(refusals);
        }
    }

    @Bean
    PeerReceivers peerReceivers(
            SnapshotDirectories folders,
            RaftNode node,
            TransferTimes times,
            CallHandler calls,
            PeerRefusals refusals,
            LoneStart loneStart) {
        return new PeerReceivers(
                times.receiving(new SnapshotArrivals(folders, node::receive)), calls, refusals, loneStart);
    }

    @Bean
    EnrolmentRegister enrolmentRegister(MemberSettings member, Membership membership, ClusterDirectory directory) {
        return new EnrolmentRegister(
                member.dataDirectory().resolve("member"),
                membership,
                id -> directory.peers().contains(id),
                ForkJoinPool.commonPool());
    }

    @Bean
    PeerLifecycle peerLifecycle(
            PeerNetwork network,
            ClusterDirectory directory,
            ClusterSettings cluster,
            RaftSettings raft,
            RaftNode node,
            Membership membership,
            PeerReceivers receivers) {
        receivers.connect(network);
        network.deliverTo(new CheckedInbox(node, new LogGate(membership::clusterVersion)::refusal));
        if (raft.initialElectionTickAdvance()) {
            network.onActive(new FirstQuorum(network, directory, () -> node.advanceElection(raft.electionTicks())));
        }
        membership.onChange(() -> network.setPeers(directory.peers()));
        return new PeerLifecycle(network, directory, cluster, receivers.before());
    }
}
