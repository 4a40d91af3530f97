package io.quorate.api.rest;

import io.quorate.api.console.ConsoleDoor;
import io.quorate.api.port.CallTracer.CallTracers;
import io.quorate.api.port.ClientMemory;
import io.quorate.api.port.ClientPortServerFactory;
import io.quorate.api.port.ClientPortSettings;
import io.quorate.api.port.HttpHandler;
import io.quorate.api.rest.MemberPages.HealthOutcomes;
import io.quorate.api.rest.MemberPages.MetricsText;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans behind HTTP on the client port. */
@Configuration(proxyBeanMethods = false)
public class RestConfiguration {

    @Bean
    MemberPages memberPages(MemberHealth member, MetricsText metrics, HealthOutcomes outcomes) {
        return new MemberPages(member, metrics, outcomes);
    }

    @Bean
    RestDoor restDoor(RestDoor.Width width, @Qualifier("tomcatBridge") HttpHandler tomcat) {
        return new RestDoor(width, tomcat);
    }

    @Bean
    ConsoleDoor consoleDoor(ConsoleDoor.Access access) {
        return new ConsoleDoor(access);
    }

    @Bean(defaultCandidate = false)
    JsonGateway jsonGateway(
            ClientPortServerFactory factory, ClientPortSettings options, CallTracers tracers, ClientMemory memory) {
        return new JsonGateway(factory.services(), options.maxReceiveBytes(), tracers, memory.messages());
    }

    @Bean
    HttpHandler edgeHandler(
            ClientPortSettings options,
            GatewayRule rule,
            @Qualifier("jsonGateway") JsonGateway gateway,
            MemberPages pages,
            RestDoor rest,
            ConsoleDoor console) {
        return new EdgeHandler(gateway, rule, pages, rest, console, options.hostWhitelist(), options.corsOrigins());
    }
}
