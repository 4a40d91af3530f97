package io.quorate.wiring;

import io.quorate.api.rest.HostRule;
import io.quorate.api.rest.MemberPages;
import io.quorate.api.rest.MemberPagesServlet;
import io.quorate.api.rest.OperatorsFilter;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/**
 * The member's own pages on the management port, beside the actuator: what etcd offers with {@code --listen-metrics-urls}.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class ManagementPages {

    /** Before everything else. */
    @Bean
    FilterRegistrationBean<OperatorsFilter> operatorsFilter(ObjectProvider<OperatorHosts> hosts) {
        Set<String> names =
                hosts.stream().flatMap(known -> known.names().stream()).collect(Collectors.toSet());
        FilterRegistrationBean<OperatorsFilter> filter =
                new FilterRegistrationBean<>(new OperatorsFilter(new HostRule(names)));
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return filter;
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
