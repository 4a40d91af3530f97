package io.quorate.ops;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.quorate.base.Metered;
import io.quorate.config.LiveSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * What operators see, as soon as the wiring offers a {@link MemberStatus}. Placed before Boot's own
 * configuration of Prometheus so that its endpoint gives way to ours.
 */
@AutoConfiguration(before = PrometheusMetricsExportAutoConfiguration.class)
public class OperationsAutoConfiguration {

    @Bean
    RegisteredMeters registeredMeters(PrometheusRegistry registry) {
        return new RegisteredMeters(registry);
    }

    /** Each part registers what it counts, once all have been made. */
    @Bean
    SmartInitializingSingleton registration(RegisteredMeters meters, ObjectProvider<Metered> parts) {
        return () -> parts.forEach(part -> part.register(meters));
    }

    @Bean
    ProcessMetrics processMetrics() {
        return new ProcessMetrics();
    }

    @Bean
    MetricsPage metricsPage(PrometheusRegistry registry, RegisteredMeters meters) {
        return new MetricsPage(registry, meters);
    }

    @Bean
    MetricsEndpoint metricsEndpoint(PrometheusRegistry registry, MetricsPage page) {
        return new MetricsEndpoint(registry, page);
    }

    @Bean
    @ConditionalOnBean(MemberStatus.class)
    RaftEndpoint raftEndpoint(MemberStatus status) {
        return new RaftEndpoint(status);
    }

    @Bean
    @ConditionalOnBean(MemberStatus.class)
    RaftHealthIndicator raftHealthIndicator(MemberStatus status, LiveSettings settings) {
        return new RaftHealthIndicator(status, () -> settings.now().limits().applyGap());
    }

    @Bean
    @ConditionalOnBean(MemberStatus.class)
    SettingsEndpoint settingsEndpoint(LiveSettings settings) {
        return new SettingsEndpoint(settings);
    }

    @Bean
    @ConditionalOnBean(MemberStatus.class)
    ThreadsHealthIndicator memberThreadsHealthIndicator(MemberStatus status) {
        return new ThreadsHealthIndicator(status);
    }

    @Bean
    @ConditionalOnBean(MemberStatus.class)
    MemberInfoContributor memberInfoContributor(MemberStatus status) {
        return new MemberInfoContributor(status);
    }
}
