package io.quorate.api.port;

import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.netty.channel.ChannelHandlerContext;
import io.quorate.api.port.CallTracer.CallTracers;
import io.quorate.api.port.ListenAddress.Protocols;
import io.quorate.base.SocketFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.grpc.server.GrpcServerFactory;
import org.springframework.grpc.server.exception.GrpcExceptionHandlerInterceptor;

/**
 * Makes the server of the client port, which is set up from {@link ClientPortSettings} the way etcd sets up its own.
 *
 * <p>Services run on the event loops: they must not block. Server reflection does not get in, whatever is configured: etcd offers none.
 */
public final class ClientPortServerFactory implements GrpcServerFactory {

    private final ClientPortSettings options;
    private final EventLoops eventLoops;
    private final StreamTracker tracker;
    private final Supplier<HttpHandler> http;
    private final CallTracers tracers;
    private final ClientBounds bounds;
    private final List<ServerServiceDefinition> services = new ArrayList<>();

    private volatile @Nullable Server server;
    private volatile @Nullable ListenSockets sockets;

    ClientPortServerFactory(
            ClientPortSettings options,
            EventLoops eventLoops,
            OpenStreams openStreams,
            Supplier<HttpHandler> http,
            CallTracers tracers,
            ClientBounds bounds) {
        this.options = options;
        this.eventLoops = eventLoops;
        this.tracker = new StreamTracker(openStreams, bounds.memory());
        this.http = http;
        this.tracers = tracers;
        this.bounds = bounds;
    }

    /** The services as configured, with their interceptors; the JSON gateway calls these very definitions. */
    public List<ServerServiceDefinition> services() {
        return List.copyOf(services);
    }

    /** An event loop of the port, for a call of these services that comes from elsewhere: they expect to run on one. */
    public ScheduledExecutorService loop() {
        return eventLoops.group().next();
    }

    /**
     * Leaves out a handler of exceptions that looks up its logger anew for each call, while services answer their errors
     * themselves.
     */
    @Override
    public boolean supports(ServerInterceptor interceptor, ServerServiceDefinition service) {
        return !(interceptor instanceof GrpcExceptionHandlerInterceptor);
    }

    /** Takes a service in, with its streams tracked; reflection, which Boot adds, is left out. */
    @Override
    public void addService(ServerServiceDefinition service) {
        if (service.getServiceDescriptor().getName().startsWith("grpc.reflection.")) {
            return;
        }
        services.add(ServerInterceptors.intercept(service, tracker));
    }

    @Override
    public Server createServer() {
        ListenSockets opened = new ListenSockets(eventLoops, options.listen());
        List<SocketAddress> addresses = opened.places().stream()
                .map(place -> socketAddress(place.first()))
                .toList();
        PortSettings settings =
                new PortSettings(http.get(), new PortMethods(services, tracers, options.maxReceiveBytes()), opened);
        Server created =
                new ClientPortServer(eventLoops, opened, addresses, services, () -> new PortSharingHandler(settings));
        sockets = opened;
        server = created;
        return created;
    }

    /** The server made last. */
    @Nullable
    Server server() {
        return server;
    }

    /** Where the server made last listens, with ports that the system chose in place of 0. */
    List<ListenAddress> listenAddresses() {
        ListenSockets opened = sockets;
        return opened == null ? List.of() : opened.bound(options.listen());
    }

    private static SocketAddress socketAddress(ListenAddress address) {
        try {
            if (address.socketFile()) {
                SocketFile.makeWay(Path.of(address.host()));
            }
            return address.socketAddress();
        } catch (UnknownHostException e) {
            throw new UncheckedIOException("unknown host in listen address " + address, e);
        } catch (BindException e) {
            throw ClientPortLifecycle.explained(address, e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + address, e);
        }
    }

    private final class PortSettings implements PortSharingHandler.Settings {

        private final HttpHandler handler;
        private final PortMethods methods;
        private final ListenSockets opened;

        PortSettings(HttpHandler handler, PortMethods methods, ListenSockets opened) {
            this.handler = handler;
            this.methods = methods;
            this.opened = opened;
        }

        @Override
        public HttpHandler http(ListenSockets.Place place) {
            return place.protocols() == Protocols.PAGES ? handler.pagesOnly() : handler;
        }

        @Override
        public PortMethods methods() {
            return methods;
        }

        @Override
        public ClientPortSettings options() {
            return options;
        }

        @Override
        public ClientBounds bounds() {
            return bounds;
        }

        @Override
        public ListenSockets.Place place(ChannelHandlerContext ctx) {
            return opened.of(ctx.channel());
        }
    }

    /** What all clients together may take: memory and connections. */
    record ClientBounds(ClientMemory memory, ConnectionLimit connections) {}
}
