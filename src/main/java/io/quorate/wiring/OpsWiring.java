package io.quorate.wiring;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.quorate.alarm.Alarms;
import io.quorate.api.grpc.CallCounters;
import io.quorate.api.grpc.ClientVersions;
import io.quorate.api.rest.HealthOutcomes;
import io.quorate.api.rest.MetricsText;
import io.quorate.apply.ExecutionTimes;
import io.quorate.apply.Headers;
import io.quorate.apply.KvCounters;
import io.quorate.config.BackendProperties;
import io.quorate.config.MemberProperties;
import io.quorate.lease.LeaseManager;
import io.quorate.maintenance.Defragmentation;
import io.quorate.membership.Membership;
import io.quorate.mvcc.MvccStore;
import io.quorate.node.RaftNode;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.ops.CallMetrics;
import io.quorate.ops.HealthCounters;
import io.quorate.ops.MemberStatus;
import io.quorate.ops.MetricsPage;
import io.quorate.ops.failure.ExitCode;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.PendingProposals;
import io.quorate.proposal.Proposer;
import io.quorate.server.ExpiredLeases;
import io.quorate.server.FifoScheduler;
import io.quorate.server.MemberThreads;
import io.quorate.server.Progress;
import io.quorate.server.ReadyHandler;
import io.quorate.storage.Database;
import io.quorate.watch.WatchHub;
import java.nio.charset.StandardCharsets;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What operators see, and how a member that cannot go on ends. */
@Configuration(proxyBeanMethods = false)
class OpsWiring {

    @Bean
    MemberExit memberExit(ApplicationContext context) {
        return new MemberExit(context, ExitCode.FAULT.getExitCode());
    }

    @Bean
    MemberPicture.Consensing consensing(
            RaftNode node,
            ReadyHandler handler,
            Progress progress,
            PendingProposals pending,
            Proposer proposer,
            LinearizableReader reader,
            FifoScheduler scheduler) {
        return new MemberPicture.Consensing(node, handler, progress, pending, proposer, reader, scheduler);
    }

    @Bean
    MemberPicture.Storing storing(
            Database database,
            MvccStore store,
            KvCounters counters,
            CompactionFigures compactions,
            Defragmentation defragmentation,
            ExecutionTimes times) {
        return new MemberPicture.Storing(database, store, counters, compactions, defragmentation, times);
    }

    @Bean
    MemberStatus memberStatus(
            MemberProperties member,
            BackendProperties backend,
            Membership membership,
            MemberPicture.Consensing consensing,
            MemberPicture.Storing storing,
            WatchHub watches,
            MemberPicture.Living living) {
        return new MemberPicture(member, backend, membership, consensing, storing, watches, living);
    }

    @Bean
    MemberPicture.Living living(
            LeaseManager leases, ExpiredLeases expired, Alarms alarms, MemberThreads threads, PeerNetwork network) {
        return new MemberPicture.Living(leases, expired, alarms, threads, network);
    }

    /** The client port shows the same metrics as the management port. */
    @Bean
    MetricsText metricsText(MetricsPage page) {
        return () -> new String(page.text(), StandardCharsets.UTF_8);
    }

    @Bean
    HealthOutcomes healthOutcomes(HealthCounters counters) {
        return new HealthOutcomes() {
            @Override
            public void health(boolean healthy) {
                counters.record(healthy);
            }

            @Override
            public void check(String type, String name, boolean healthy) {
                counters.record(type, name, healthy);
            }
        };
    }

    @Bean
    CallMetrics callMetrics(CallCounters counters, ClientVersions versions, PrometheusRegistry registry) {
        CallMetrics metrics = new CallMetrics(new CallPicture(counters, versions));
        metrics.registerWith(registry);
        return metrics;
    }

    @Bean
    StatusReport statusReport(MemberStatus status, Headers headers, Alarms alarms, Membership membership) {
        return new StatusReport(status, headers, alarms, membership);
    }
}
