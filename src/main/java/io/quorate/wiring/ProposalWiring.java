package io.quorate.wiring;

import io.quorate.apply.LogGate;
import io.quorate.assembly.ConsensusAssembly;
import io.quorate.assembly.ProposalAssembly;
import io.quorate.assembly.StateAssembly;
import io.quorate.base.MonotonicClock;
import io.quorate.config.ClientSettings;
import io.quorate.config.ClusterSettings;
import io.quorate.config.LimitSettings;
import io.quorate.config.LiveSettings;
import io.quorate.config.RaftSettings;
import io.quorate.membership.Membership;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.proposal.IdGenerator;
import io.quorate.proposal.KnownLeader;
import io.quorate.proposal.LeadershipTransfer;
import io.quorate.proposal.LeaseForwarder;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.MembershipChanges;
import io.quorate.proposal.Proposer;
import io.quorate.proposal.ReadPool;
import io.quorate.proposal.SpaceAlarm;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What turns the wishes of clients into entries of the log, or into reads at a confirmed index. */
@Configuration(proxyBeanMethods = false)
class ProposalWiring {

    /** What etcd waits for the result of a request, on top of two election timeouts. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    static Duration requestTimeout(RaftSettings raft) {
        return REQUEST_TIMEOUT.plus(raft.electionTimeout().multipliedBy(2));
    }

    @Bean
    ReadPool readPool(LimitSettings limits) {
        return new ReadPool("read", limits.readThreads(), limits.readQueue());
    }

    @Bean
    Proposer.Limits proposerLimits(
            ClientSettings client, LiveSettings settings, RaftSettings raft, Membership membership) {
        return new Proposer.Limits(
                client.maxRequestBytes().toBytes(),
                () -> settings.now().limits().applyGap(),
                requestTimeout(raft),
                new LogGate(membership::clusterVersion));
    }

    @Bean
    ProposalAssembly.Options proposalOptions(
            Proposer.Limits proposer,
            RaftSettings raft,
            LimitSettings limits,
            ClusterSettings cluster,
            ReadPool readPool) {
        return new ProposalAssembly.Options(
                System.currentTimeMillis(),
                raft.electionTimeout(),
                proposer,
                readPool,
                limits.readQueue(),
                new MembershipChanges.Rules(cluster.strictReconfigCheck(), cluster.maxLearners(), proposer.timeout()),
                cluster.initialClusterToken(),
                InstantSource.system());
    }

    @Bean
    ProposalAssembly proposalAssembly(
            StateAssembly state,
            ConsensusAssembly consensus,
            PeerNetwork network,
            ProposalAssembly.Options options,
            MonotonicClock clock) {
        ProposalAssembly.Peers peers = new ProposalAssembly.Peers(network::call, network::activeSinceNanos);
        return new ProposalAssembly(state, consensus, peers, options, clock);
    }

    @Bean
    IdGenerator idGenerator(ProposalAssembly proposals) {
        return proposals.ids();
    }

    @Bean
    Proposer proposer(ProposalAssembly proposals) {
        return proposals.proposer();
    }

    @Bean
    LinearizableReader linearizableReader(ProposalAssembly proposals) {
        return proposals.reader();
    }

    @Bean
    KnownLeader leaderView(ProposalAssembly proposals) {
        return proposals.view();
    }

    @Bean
    LeaseForwarder leaseForwarder(ProposalAssembly proposals) {
        return proposals.leaseForwarder();
    }

    @Bean
    LeadershipTransfer leaderTransfer(ProposalAssembly proposals) {
        return proposals.transfer();
    }

    @Bean
    MembershipChanges membershipChanges(ProposalAssembly proposals) {
        return proposals.changes();
    }

    @Bean
    SpaceAlarm spaceAlarm(ProposalAssembly proposals) {
        return proposals.spaceAlarm();
    }
}
