package io.quorate.wiring;

import io.quorate.apply.ConsistentIndex;
import io.quorate.apply.LogGate;
import io.quorate.assembly.ProposalAssembly;
import io.quorate.assembly.TransferTimes;
import io.quorate.base.FileDescriptors;
import io.quorate.base.Meters;
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
import io.quorate.membership.SelfRemoval;
import io.quorate.membership.Versions;
import io.quorate.node.CheckedInbox;
import io.quorate.node.RaftNode;
import io.quorate.node.SnapshotArrivals;
import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.node.transport.CallHandler;
import io.quorate.node.transport.PeerIdentity;
import io.quorate.node.transport.PeerMeters;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.node.transport.PeerReceivers;
import io.quorate.node.transport.PeerSettings;
import io.quorate.node.transport.SnapshotSink;
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

    @Bean
    PeerSettings peerOptions(
            ClientSettings client, LimitSettings limits, SecurityWiring.SecuredPorts ports, MonotonicClock clock) {
        return PeerSettings.DEFAULT
                .withQueueBytesMax(limits.peerQueue().toBytes())
                .withSnapshotBytesPerSecond(limits.snapshotBandwidth().toBytes())
                .withConnectionsMax(FileDescriptors.ofProcess().peers())
                .withClock(clock)
                .withRequestBytesMax(client.maxRequestBytes().toBytes())
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
            Metadata identity, EnrolmentRegister register, ClusterDirectory directory, PeerSettings options) {
        return new PeerNetwork(
                new PeerIdentity(identity.getClusterID(), identity.getNodeID(), Versions.SERVER, register),
                directory,
                options);
    }

    @Bean
    SelfRemoval departure(Membership membership, ErrorChannel errors, ProposalAssembly proposals) {
        SelfRemoval departure = new SelfRemoval(membership, errors, proposals.delays());
        departure.follow();
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

    @Bean
    PeerReceivers peerReceivers(
            RaftNode node,
            SnapshotSink snapshots,
            CallHandler calls,
            PeerRefusals refusals,
            FirstQuorum firstQuorum,
            Membership membership,
            Meters meters) {
        return new PeerReceivers(
                new CheckedInbox(node, new LogGate(membership::clusterVersion)::refusal),
                snapshots,
                calls,
                refusals,
                firstQuorum,
                PeerMeters.roundTrips(meters));
    }

    @Bean
    PeerMeters peerMeters(PeerNetwork network, Metadata identity) {
        return new PeerMeters(network, identity.getNodeID());
    }

    @Bean
    SnapshotSink snapshotSink(SnapshotDirectories folders, RaftNode node, TransferTimes times) {
        return times.receiving(new SnapshotArrivals(folders, node::receive));
    }

    @Bean
    FirstQuorum firstQuorum(PeerNetwork network, ClusterDirectory directory, RaftSettings raft, RaftNode node) {
        return new FirstQuorum(
                network,
                directory,
                raft.initialElectionTickAdvance(),
                () -> node.advanceElection(raft.electionTicks()));
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
            Membership membership,
            PeerReceivers receivers,
            LoneStart before) {
        network.connect(receivers);
        membership.onChange(() -> network.setPeers(directory.peers()));
        return new PeerLifecycle(network, directory, cluster, before);
    }
}
