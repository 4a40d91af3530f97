package io.quorate.wiring;

import io.quorate.api.grpc.OperatorAccess;
import io.quorate.api.rest.HostRule;
import io.quorate.api.rest.MemberPages;
import io.quorate.api.rest.MemberPagesServlet;
import io.quorate.api.rest.OperatorsFilter;
import io.quorate.base.FileDescriptors;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/**
 * The member's own pages on the management port, beside the actuator: what etcd offers with {@code --listen-metrics-urls}.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class ManagementPages {

    private static final int CONNECTIONS_MAX = 256;
    private static final String SILENCE_MILLIS = "3000";
    private static final String KEEP_ALIVE_MILLIS = "20000";

    /** Before everything else. */
    @Bean
    FilterRegistrationBean<OperatorsFilter> operatorsFilter(
            ObjectProvider<OperatorHosts> hosts, OperatorAccess access) {
        Set<String> names =
                hosts.stream().flatMap(known -> known.names().stream()).collect(Collectors.toSet());
        FilterRegistrationBean<OperatorsFilter> filter =
                new FilterRegistrationBean<>(new OperatorsFilter(new HostRule(names), access));
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return filter;
    }

    /** Connections to this port take no file descriptors that the member needs. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> boundedConnections() {
        int most = Math.min(CONNECTIONS_MAX, FileDescriptors.ofProcess().operators());
        return tomcat -> tomcat.addConnectorCustomizers(connector -> {
            connector.setProperty("maxConnections", Integer.toString(most));
            connector.setProperty("acceptCount", Integer.toString(most));
            connector.setProperty("connectionTimeout", SILENCE_MILLIS); // a silent client keeps no other out for long
            connector.setProperty("keepAliveTimeout", KEEP_ALIVE_MILLIS);
        });
    }

    @Bean
    @ConditionalOnBean(MemberPages.class)
    ServletRegistrationBean<MemberPagesServlet> memberPagesServlet(MemberPages pages) {
        return new ServletRegistrationBean<>(
                new MemberPagesServlet(pages),
                "/health",
                "/livez",
                "/livez/*",
                "/readyz",
                "/readyz/*",
                "/version",
                "/metrics");
    }
}
