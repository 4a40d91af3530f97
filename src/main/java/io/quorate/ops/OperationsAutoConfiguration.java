package io.quorate.ops;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.quorate.config.LiveSettings;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * What operators see, as soon as the wiring offers the recorders and a {@link MemberStatus}. Placed before Boot's own
 * configuration of Prometheus so that its endpoint gives way to ours.
 */
@AutoConfiguration(before = PrometheusMetricsExportAutoConfiguration.class)
public class OperationsAutoConfiguration {

    @Bean
    MemberDurations memberDurations(PrometheusRegistry registry, Environment environment) {
        boolean extensive = environment.getProperty("quorate.metrics", "").equalsIgnoreCase("extensive");
        return new MemberDurations(registry, extensive);
    }

    @Bean
    HealthCounters healthCounters(PrometheusRegistry registry) {
        return new HealthCounters(registry);
    }

    @Bean
    ProcessMetrics processMetrics(PrometheusRegistry registry) {
        ProcessMetrics metrics = new ProcessMetrics();
        metrics.registerWith(registry);
        return metrics;
    }

    @Bean
    MetricsPage metricsPage(PrometheusRegistry registry) {
        return new MetricsPage(registry);
    }

    @Bean
    MetricsEndpoint metricsEndpoint(PrometheusRegistry registry, MetricsPage page) {
        return new MetricsEndpoint(registry, page);
    }

    @Bean
    @ConditionalOnBean(MemberStatus.class)
    MemberMetrics memberMetrics(MemberStatus status, PrometheusRegistry registry) {
        MemberMetrics metrics = new MemberMetrics(status);
        metrics.registerWith(registry);
        return metrics;
    }

    @Bean
    @ConditionalOnBean(MemberStatus.class)
    PeerMetrics peerMetrics(MemberStatus status, PrometheusRegistry registry) {
        PeerMetrics metrics = new PeerMetrics(status);
        metrics.registerWith(registry);
        return metrics;
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
