package io.quorate.wiring;

import io.quorate.alarm.Alarms;
import io.quorate.api.rest.HealthCounters;
import io.quorate.api.rest.MemberPages.MetricsText;
import io.quorate.apply.Headers;
import io.quorate.assembly.ConsensusAssembly;
import io.quorate.assembly.ProposalAssembly;
import io.quorate.assembly.ServerAssembly;
import io.quorate.assembly.StateAssembly;
import io.quorate.base.AgentThread;
import io.quorate.config.BackendSettings;
import io.quorate.config.ClientSettings;
import io.quorate.config.ClusterSettings;
import io.quorate.config.LimitSettings;
import io.quorate.config.LiveSettings;
import io.quorate.config.MemberSettings;
import io.quorate.config.SettingsFiles;
import io.quorate.config.SettingsReload;
import io.quorate.membership.Membership;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.ops.MemberStatus;
import io.quorate.ops.MetricsPage;
import io.quorate.ops.failure.ExitCode;
import io.quorate.server.ErrorChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntConsumer;
import org.springframework.beans.factory.ObjectProvider;
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
    MemberExit memberExit(ApplicationContext context, ObjectProvider<Hosting> host) {
        IntConsumer end = host.stream().map(Hosting::failed).findFirst().orElse(System::exit);
        return new MemberExit(context, ExitCode.FAULT.getExitCode(), end);
    }

    @Bean
    OperatorHosts operatorHosts(ClientSettings client, ClusterSettings cluster) {
        return OperatorHosts.of(client, cluster);
    }

    @Bean
    MemberStatus memberStatus(
            MemberSettings member,
            LiveSettings settings,
            StateAssembly state,
            ConsensusAssembly consensus,
            ProposalAssembly proposals,
            ServerAssembly server,
            PeerNetwork network) {
        return new AssembledStatus(member, settings, state, consensus, proposals, server, network);
    }

    @Bean
    LiveSettings liveSettings(
            Environment environment,
            ClientSettings client,
            BackendSettings backend,
            LimitSettings limits,
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

    /** Follows the files of settings; a member that has a host has none. */
    @Bean
    ReloadLifecycle settingsReload(
            LiveSettings settings,
            ConfigurableEnvironment environment,
            ErrorChannel errors,
            ObjectProvider<Hosting> host) {
        if (host.getIfAvailable() != null) {
            return new ReloadLifecycle(List.of());
        }
        SettingsReload reload = new SettingsReload(
                settings,
                SettingsReload.values(environment),
                new SettingsFiles(environment)::look,
                () -> SettingsReload.anew(environment));
        return new ReloadLifecycle(List.of(new AgentThread(reload, errors)));
    }

    /** The client port shows the same metrics as the management port. */
    @Bean
    MetricsText metricsText(MetricsPage page) {
        return () -> new String(page.text(), StandardCharsets.UTF_8);
    }

    @Bean
    HealthCounters healthCounters() {
        return new HealthCounters();
    }

    @Bean
    StatusReport statusReport(MemberStatus status, Headers headers, Alarms alarms, Membership membership) {
        return new StatusReport(status, headers, alarms, membership);
    }
}
