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

    /** Where requests go that are made by people. */
    record Doors(RestDoor rest, ConsoleDoor console) {}

    @Bean
    Doors doors(RestDoor rest, ConsoleDoor.Access access) {
        return new Doors(rest, new ConsoleDoor(access));
    }

    @Bean
    HttpHandler edgeHandler(
            ClientPortServerFactory factory,
            ClientPortSettings options,
            MemberPages pages,
            GatewayRule rule,
            CallTracers tracers,
            ClientMemory memory,
            Doors doors) {
        JsonGateway gateway =
                new JsonGateway(factory.services(), options.maxReceiveBytes(), tracers, memory.messages());
        return new EdgeHandler(
                gateway, rule, pages, doors.rest(), doors.console(), options.hostWhitelist(), options.corsOrigins());
    }
}
