package io.quorate.wiring;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.quorate.alarm.Alarms;
import io.quorate.api.grpc.CallCounters;
import io.quorate.api.grpc.ClientVersions;
import io.quorate.api.rest.HealthOutcomes;
import io.quorate.api.rest.MetricsText;
import io.quorate.apply.ExecutionTimes;
import io.quorate.apply.Headers;
import io.quorate.assembly.ConsensusAssembly;
import io.quorate.assembly.ProposalAssembly;
import io.quorate.assembly.ServerAssembly;
import io.quorate.assembly.StateAssembly;
import io.quorate.base.AgentThread;
import io.quorate.base.Meters;
import io.quorate.config.BackendProperties;
import io.quorate.config.ClientProperties;
import io.quorate.config.ClusterProperties;
import io.quorate.config.LimitsProperties;
import io.quorate.config.LiveSettings;
import io.quorate.config.MemberProperties;
import io.quorate.config.SettingsReload;
import io.quorate.maintenance.Defragmentation;
import io.quorate.membership.Membership;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.ops.CallMetrics;
import io.quorate.ops.HealthCounters;
import io.quorate.ops.MemberStatus;
import io.quorate.ops.MetricsPage;
import io.quorate.ops.RegisteredMeters;
import io.quorate.ops.failure.ExitCode;
import io.quorate.server.ErrorChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.boot.logging.LoggerGroup;
import org.springframework.boot.logging.LoggerGroups;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/** What operators see, and how a member that cannot go on ends. */
@Configuration(proxyBeanMethods = false)
class OpsWiring {

    @Bean
    MemberExit memberExit(ApplicationContext context) {
        return new MemberExit(context, ExitCode.FAULT.getExitCode());
    }

    @Bean
    OperatorHosts operatorHosts(ClientProperties client, ClusterProperties cluster) {
        return OperatorHosts.of(client, cluster);
    }

    @Bean
    MemberStatus memberStatus(
            MemberProperties member,
            LiveSettings settings,
            StateAssembly state,
            ConsensusAssembly consensus,
            ProposalAssembly proposals,
            ServerAssembly server,
            PeerNetwork network) {
        return new AssembledStatus(member, settings, state, consensus, proposals, server, network);
    }

    /** What the parts count is registered where they count it; here they are told where to. */
    @Bean
    Meters meters(
            PrometheusRegistry registry,
            StateAssembly state,
            ConsensusAssembly consensus,
            ProposalAssembly proposals,
            ServerAssembly server,
            ExecutionTimes times,
            OtherCounts others) {
        Meters meters = new RegisteredMeters(registry);
        state.register(meters);
        consensus.register(meters);
        proposals.register(meters);
        server.register(meters);
        times.register(meters);
        others.defragmentation().register(meters);
        others.compactions().register(meters);
        others.users().register(meters);
        meters.flag(
                "quorate_known_by_another_log",
                "1 if another member said within a minute that it knows this one by another log, 0 otherwise.",
                others.network()::isForgotten);
        return meters;
    }

    /** What else counts. */
    record OtherCounts(
            Defragmentation defragmentation,
            CompactionFigures compactions,
            PeerNetwork network,
            IdentityWiring.UserCounts users) {}

    @Bean
    OtherCounts otherCounts(
            Defragmentation defragmentation,
            CompactionFigures compactions,
            PeerNetwork network,
            IdentityWiring.UserCounts users) {
        return new OtherCounts(defragmentation, compactions, network, users);
    }

    @Bean
    LiveSettings liveSettings(
            Environment environment,
            ClientProperties client,
            BackendProperties backend,
            LimitsProperties limits,
            LoggingSystem logging,
            LoggerGroups groups) {
        return new LiveSettings(environment, new LiveSettings.Snapshot(client, backend, limits), (name, level) -> {
            LoggerGroup group = groups.get(name);
            if (group != null && group.hasMembers()) {
                group.configureLogLevel(level, logging::setLogLevel);
            } else {
                logging.setLogLevel(name, level);
            }
        });
    }

    /** Follows the files of settings. */
    @Bean
    ReloadLifecycle settingsReload(LiveSettings settings, ConfigurableEnvironment environment, ErrorChannel errors) {
        SettingsReload reload = new SettingsReload(
                settings, SettingsReload.values(environment), () -> SettingsReload.anew(environment));
        return new ReloadLifecycle(List.of(new AgentThread(reload, errors)));
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
