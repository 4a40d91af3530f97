package io.quorate.wiring;

import io.quorate.base.MonotonicClock;
import io.quorate.config.ClusterProperties;
import io.quorate.config.RaftProperties;
import io.quorate.lease.LeaseManager;
import io.quorate.membership.Membership;
import io.quorate.node.RaftNode;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.proposal.ApplyWaiters;
import io.quorate.proposal.Connectivity;
import io.quorate.proposal.IdGenerator;
import io.quorate.proposal.LeaderAnswers;
import io.quorate.proposal.LeaderLeases;
import io.quorate.proposal.LeaderTransfer;
import io.quorate.proposal.LeaderView;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.MembershipChanges;
import io.quorate.proposal.PendingProposals;
import io.quorate.proposal.TimeoutCause;
import io.quorate.server.Leadership;
import io.quorate.server.ReadyHandler;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What only a leader can do, wherever it is asked for. */
@Configuration(proxyBeanMethods = false)
class LeaderWiring {

    @Bean
    Leadership leadership(ReadyHandler handler, RaftNode node, LinearizableReader reader) {
        return new Leadership(handler, node, reader);
    }

    @Bean
    LeaderView leaderView(Membership membership, ReadyHandler handler, Leadership leadership) {
        return new LeaderView(membership.localId(), handler::leader, leadership::ensure, handler::committedIndex);
    }

    @Bean
    Connectivity connectivity(Membership membership, PeerNetwork network, MonotonicClock clock) {
        return new Connectivity(membership, network::activeSinceNanos, clock);
    }

    @Bean
    LeaderLeases leaderLeases(
            LeaseManager leases,
            LeaderView view,
            ApplyWaiters applied,
            PeerNetwork network,
            MonotonicClock clock,
            RaftProperties raft) {
        return new LeaderLeases(leases, view, applied, network::call, clock, ServerWiring.requestTimeout(raft));
    }

    @Bean
    MembershipChanges.Identifiers identifiers(IdGenerator ids, MonotonicClock clock, ClusterProperties cluster) {
        return new MembershipChanges.Identifiers(ids, clock, InstantSource.system(), cluster.initialClusterToken());
    }

    @Bean
    MembershipChanges.Rules membershipRules(ClusterProperties cluster, RaftProperties raft) {
        return new MembershipChanges.Rules(
                cluster.strictReconfigCheck(), cluster.maxLearners(), ServerWiring.requestTimeout(raft));
    }

    @Bean
    MembershipChanges.LeaderLink leaderLink(LeaderView view, PeerNetwork network, LeaderTransfer transfer) {
        return new MembershipChanges.LeaderLink(view, network::call, transfer);
    }

    @Bean
    MembershipChanges membershipChanges(
            Membership membership,
            RaftNode node,
            PendingProposals pending,
            MembershipChanges.Identifiers identifiers,
            MembershipChanges.Rules rules,
            Connectivity connectivity,
            MembershipChanges.LeaderLink leader) {
        return new MembershipChanges(membership, node, pending, identifiers, rules, connectivity, leader);
    }

    @Bean
    LeaderAnswers leaderAnswers(LeaderLeases leases, MembershipChanges changes) {
        return new LeaderAnswers(leases, changes);
    }

    @Bean
    LeaderTransfer leaderTransfer(
            Membership membership,
            RaftNode node,
            LeaderView view,
            Connectivity connectivity,
            ReadyHandler handler,
            MonotonicClock clock) {
        LeaderTransfer transfer = new LeaderTransfer(membership, node, view, connectivity, clock);
        handler.onLeadership((leader, isLeader, changed) -> transfer.leaderIs(leader));
        return transfer;
    }

    @Bean
    TimeoutCause timeoutCause(
            LeaderView view,
            Connectivity connectivity,
            MonotonicClock clock,
            RaftProperties raft,
            ReadyHandler handler,
            PendingProposals pending) {
        TimeoutCause cause = new TimeoutCause(view, connectivity, clock, raft.electionTimeout());
        Duration timeout = ServerWiring.requestTimeout(raft);
        pending.explainTimeouts(deadline -> cause.of(deadline - timeout.toNanos()));
        handler.onLeadership((leader, isLeader, changed) -> {
            if (isLeader && changed) {
                cause.becameLeader();
            }
        });
        return cause;
    }
}
