package io.quorate.wiring;

import io.quorate.api.rest.MemberPages;
import io.quorate.api.rest.MemberPagesServlet;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * The member's own pages on the management port, beside the actuator: what etcd offers with {@code --listen-metrics-urls}.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class ManagementPages {

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
