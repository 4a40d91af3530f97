package io.quorate.wiring;

import io.quorate.alarm.Alarms;
import io.quorate.api.grpc.ClusterService;
import io.quorate.api.grpc.KvService;
import io.quorate.api.grpc.LearnerRule;
import io.quorate.api.grpc.LeaseService;
import io.quorate.api.grpc.MaintenanceService;
import io.quorate.api.grpc.WatchService;
import io.quorate.api.port.ClientPortOptions;
import io.quorate.api.port.ListenAddress;
import io.quorate.apply.Headers;
import io.quorate.apply.KvCounters;
import io.quorate.config.ClientProperties;
import io.quorate.config.MemberUrl;
import io.quorate.config.RaftProperties;
import io.quorate.lease.LeaseManager;
import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.mvcc.MvccStore;
import io.quorate.proposal.IdGenerator;
import io.quorate.proposal.LeaderLeases;
import io.quorate.proposal.LeaderTransfer;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.MembershipChanges;
import io.quorate.proposal.Proposer;
import io.quorate.proposal.ReadPool;
import io.quorate.server.Progress;
import io.quorate.server.ReadyHandler;
import io.quorate.watch.WatchHub;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.server.GlobalServerInterceptor;

/** etcd's services on the client port. */
@Configuration(proxyBeanMethods = false)
class EdgeWiring {

    @Bean
    ClientPortOptions clientPortOptions(ClientProperties client) {
        ListenAddress[] addresses = client.listenClientUrls().stream()
                .map(MemberUrl::toString)
                .map(ListenAddress::parse)
                .toArray(ListenAddress[]::new);
        return ClientPortOptions.defaults(addresses)
                .withMaxRequestBytes(Math.toIntExact(client.maxRequestBytes().toBytes()))
                .withMaxConcurrentStreams(client.maxConcurrentStreams())
                .withKeepAliveMinTime(client.grpcKeepaliveMinTime())
                .withKeepAliveInterval(client.grpcKeepaliveInterval())
                .withKeepAliveTimeout(client.grpcKeepaliveTimeout());
    }

    @Bean
    KvService kvService(
            Proposer proposer,
            LinearizableReader reader,
            KvService.State state,
            Headers headers,
            ReadPool readPool,
            ClientProperties client) {
        return new KvService(proposer, reader, state, headers, readPool, client.maxTxnOps());
    }

    @Bean
    KvService.State kvState(MvccStore store, Progress progress, KvCounters counters) {
        return new KvService.State(store, progress::appliedTerm, counters);
    }

    @Bean
    WatchService watchService(WatchHub hub, Headers headers, Progress progress, ReadPool readPool) {
        return new WatchService(hub, headers, progress::appliedTerm, readPool);
    }

    @Bean
    LeaseService leaseService(
            Proposer proposer,
            LeaseManager leases,
            LeaderLeases leaderLeases,
            IdGenerator ids,
            Headers headers,
            MvccStore store,
            Progress progress) {
        return new LeaseService(
                proposer, leases, leaderLeases, ids, headers, store::currentRevision, progress::appliedTerm);
    }

    @Bean
    ClusterService clusterService(
            Membership membership,
            MembershipChanges changes,
            LinearizableReader reader,
            Headers headers,
            Progress progress) {
        return new ClusterService(membership, changes, reader, headers, progress::appliedTerm);
    }

    @Bean
    MaintenanceService maintenanceService(
            Proposer proposer, StatusReport status, LeaderTransfer transfer, RaftProperties raft) {
        return new MaintenanceService(proposer, status::build, transfer, ServerWiring.requestTimeout(raft));
    }

    @Bean
    @GlobalServerInterceptor
    LearnerRule learnerRule(Membership membership) {
        return new LearnerRule(() -> {
            Member self = membership.member(membership.localId());
            return self != null && self.isLearner();
        });
    }

    @Bean
    MemberProbes memberProbes(
            Alarms alarms,
            ReadyHandler handler,
            Membership membership,
            MvccStore store,
            LinearizableReader reader,
            ReadPool readPool) {
        return new MemberProbes(alarms, handler, membership, store, reader, readPool);
    }
}
