package io.quorate.api.port;

import static org.apache.tomcat.util.buf.EncodedSolidusHandling.PASS_THROUGH;

import io.grpc.BindableService;
import io.grpc.protobuf.services.HealthStatusManager;
import io.quorate.api.port.CallTracer.CallTracers;
import io.quorate.api.port.ClientPortServerFactory.ClientBounds;
import org.apache.catalina.Lifecycle;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.grpc.server.service.GrpcServiceConfigurer;
import org.springframework.grpc.server.service.GrpcServiceDiscoverer;

/** The beans of the client port. They take the place of Boot's own Netty server for gRPC. */
@Configuration(proxyBeanMethods = false)
public class ClientPortConfiguration {

    /** Allocated for each connection. A path with its key in base64 ({@link KeyPath}), and as much again for the fields. */
    private static final String HEADER_BYTES = Integer.toString(48 * 1024);

    @Bean
    OpenStreams openStreams() {
        return new OpenStreams();
    }

    @Bean
    EventLoops clientPortEventLoops(ClientPortSettings options) {
        return new EventLoops(options.eventLoopThreads());
    }

    @Bean
    ClientMemory clientMemory(ClientPortSettings options) {
        return ClientMemory.of(options.messageMemoryBytes(), options.bufferMemoryBytes(), options.memoryPatience());
    }

    @Bean
    ConnectionLimit connectionLimit(ClientPortSettings options) {
        return new ConnectionLimit(options.connectionsMax());
    }

    @Bean
    BridgeSocket bridgeSocket() {
        return new BridgeSocket();
    }

    /** Serves every HTTP request when nobody else wants to. */
    @Bean
    @Fallback
    HttpHandler tomcatBridge(BridgeSocket socket) {
        return new TomcatBridge(socket);
    }

    /**
     * Tomcat listens on the bridge's socket only. It need not wait for requests at shutdown, because the client port
     * has ended before it; and if it does, it removes its socket twice and complains about the second time.
     */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> bridgedTomcat(BridgeSocket socket) {
        return tomcat -> {
            tomcat.addConnectorCustomizers(connector -> {
                connector.setProperty("unixDomainSocketPath", socket.path().toString());
                connector.setProperty("unixDomainSocketPathPermissions", "rw-------");
                connector.setProperty("unixDomainSocketParentOwner", socket.owner());
                connector.setProperty("maxHttpRequestHeaderSize", HEADER_BYTES);
                connector.setEncodedSolidusHandling(PASS_THROUGH.getValue()); // part of a name
                connector.setEncodedReverseSolidusHandling(PASS_THROUGH.getValue());
                connector.setAllowTrace(true); // the application refuses it, and knows what is allowed
                connector.setProperty("relaxedQueryChars", "\"<>[\\]^`{|}"); // the client port has let them in
                connector.addLifecycleListener(event -> {
                    if (event.getType().equals(Lifecycle.AFTER_STOP_EVENT)) {
                        socket.close();
                    }
                });
            });
            tomcat.addEngineValves(new BridgeValve(socket));
            tomcat.setShutdown(Shutdown.IMMEDIATE);
        };
    }

    /** Knows the service name "" only; asked for any other it answers NOT_FOUND, as etcd does. */
    @Bean
    HealthStatusManager clientPortHealth() {
        return new HealthStatusManager();
    }

    @Bean
    BindableService clientPortHealthService(HealthStatusManager clientPortHealth) {
        return clientPortHealth.getHealthService();
    }

    /** Finds the services of the port, and puts interceptors before them. */
    record Services(GrpcServiceDiscoverer discoverer, GrpcServiceConfigurer configurer) {}

    /** What clients may take. */
    @Bean
    ClientBounds clientBounds(ClientMemory memory, ConnectionLimit connections) {
        return new ClientBounds(memory, connections);
    }

    @Bean
    Services clientPortServices(GrpcServiceDiscoverer discoverer, GrpcServiceConfigurer configurer) {
        return new Services(discoverer, configurer);
    }

    @Bean
    ClientPortServerFactory clientPortServerFactory(
            ClientPortSettings options,
            EventLoops eventLoops,
            OpenStreams openStreams,
            ObjectProvider<HttpHandler> http,
            CallTracers tracers,
            ClientBounds bounds,
            Services services) {
        ClientPortServerFactory factory =
                new ClientPortServerFactory(options, eventLoops, openStreams, http::getObject, tracers, bounds);
        services.discoverer()
                .findServices()
                .forEach(spec -> factory.addService(services.configurer().configure(spec, factory)));
        return factory;
    }

    @Bean
    ClientPortLifecycle clientPortLifecycle(
            ClientPortServerFactory factory,
            ClientPortSettings options,
            OpenStreams openStreams,
            ApplicationEventPublisher events) {
        return new ClientPortLifecycle(factory, options, openStreams, events);
    }
}
