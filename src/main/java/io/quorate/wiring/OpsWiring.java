package io.quorate.wiring;

import io.quorate.alarm.Alarms;
import io.quorate.api.rest.MetricsText;
import io.quorate.apply.Headers;
import io.quorate.apply.KvCounters;
import io.quorate.config.BackendProperties;
import io.quorate.config.MemberProperties;
import io.quorate.lease.LeaseManager;
import io.quorate.membership.Membership;
import io.quorate.mvcc.MvccStore;
import io.quorate.node.RaftNode;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.ops.MemberStatus;
import io.quorate.ops.MetricsPage;
import io.quorate.ops.failure.ExitCode;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.PendingProposals;
import io.quorate.proposal.Proposer;
import io.quorate.proposal.ReadPool;
import io.quorate.server.ExpiredLeases;
import io.quorate.server.FifoScheduler;
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
    MemberPicture.Storing storing(Database database, MvccStore store, KvCounters counters, ReadPool readPool) {
        return new MemberPicture.Storing(database, store, counters, readPool);
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
    MemberPicture.Living living(LeaseManager leases, ExpiredLeases expired, PeerNetwork network) {
        return new MemberPicture.Living(leases, expired, network);
    }

    /** The client port shows the same metrics as the management port. */
    @Bean
    MetricsText metricsText(MetricsPage page) {
        return () -> new String(page.text(), StandardCharsets.UTF_8);
    }

    @Bean
    StatusReport statusReport(MemberStatus status, Headers headers, Alarms alarms) {
        return new StatusReport(status, headers, alarms);
    }
}
