package io.quorate.wiring;

import io.quorate.assembly.ConsensusAssembly;
import io.quorate.assembly.StateAssembly;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.bootstrap.Enrolling;
import io.quorate.bootstrap.Enrolment;
import io.quorate.bootstrap.EnrolmentRegister;
import io.quorate.bootstrap.IdentityFinder.MemberIdentity;
import io.quorate.bootstrap.StateRecovery;
import io.quorate.config.ClusterSettings;
import io.quorate.config.LimitSettings;
import io.quorate.config.MemberSettings;
import io.quorate.config.RaftSettings;
import io.quorate.membership.Membership;
import io.quorate.node.Bootstrap;
import io.quorate.node.LogMeters;
import io.quorate.node.MemberRaftConfig;
import io.quorate.node.NodeSettings;
import io.quorate.node.RaftNode;
import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.proto.Metadata;
import io.quorate.repair.StateRebuild;
import io.quorate.server.ApplyProgress;
import io.quorate.server.ConsensusState;
import io.quorate.server.ErrorChannel;
import io.quorate.storage.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Raft: its log, the node that drives the core, and the members that a new one has to ask before it takes part. */
@Configuration(proxyBeanMethods = false)
class ConsensusWiring {

    @Bean
    StateRecovery stateRecovery(
            MemberSettings member,
            RaftSettings raft,
            MemberIdentity origin,
            SnapshotDirectories folders,
            StateRebuild rebuild) {
        return new StateRecovery(member, raft, origin, folders, rebuild);
    }

    /** The database comes first: opening it locks the data directory. */
    @Bean
    Bootstrap.Start start(Database database, StateRecovery recovery, ClusterSettings cluster) {
        return recovery.run(database, cluster);
    }

    @Bean
    Enrolling enrolling(
            Bootstrap.Start start,
            MemberIdentity origin,
            EnrolmentRegister register,
            MemberSettings member,
            ClusterSettings cluster,
            Membership membership) {
        return Enrolling.of(start, origin, register, member, cluster, membership);
    }

    @Bean
    Enrolment enrolment(
            ConsensusAssembly consensus,
            MemberIdentity origin,
            Enrolling enrolling,
            MemberSettings member,
            PeerNetwork network,
            EnrolmentRegister register,
            ErrorChannel errors) {
        long incarnation = consensus.start().incarnation();
        return new Enrolment(
                new Enrolment.Applicant(
                        origin.identity().getNodeID(),
                        incarnation,
                        member.walDirectory().toString()),
                enrolling.others(),
                network::call,
                () -> {
                    register.takesPart(incarnation);
                    consensus.node().release();
                },
                errors);
    }

    @Bean
    NodeSettings nodeSettings(
            Metadata identity, MemberSettings member, RaftSettings raft, LimitSettings limits, Enrolling enrolling) {
        return new NodeSettings(
                identity.getNodeID(),
                raft.heartbeatInterval().toNanos(),
                limits.raftInbox(),
                member.maxWals(),
                MemberRaftConfig.CATCH_UP_BYTES,
                enrolling.isNeeded(),
                true);
    }

    @Bean
    ConsensusAssembly consensusAssembly(
            StateAssembly state,
            Bootstrap.Start start,
            PeerNetwork network,
            NodeSettings settings,
            Meters meters,
            MonotonicClock clock) {
        return new ConsensusAssembly(state, start, network, settings, new LogMeters(meters), clock);
    }

    @Bean
    RaftNode raftNode(ConsensusAssembly consensus) {
        return consensus.node();
    }

    @Bean
    ConsensusState consensusState(ConsensusAssembly consensus) {
        return consensus.state();
    }

    @Bean
    ApplyProgress applyProgress(ConsensusAssembly consensus) {
        return consensus.progress();
    }
}
