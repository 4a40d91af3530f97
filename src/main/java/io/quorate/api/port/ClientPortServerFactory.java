package io.quorate.api.port;

import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.util.AsciiString;
import io.quorate.api.grpcnetty.GrpcInternals;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.grpc.server.NettyGrpcServerFactory;
import org.springframework.grpc.server.ServerBuilderCustomizer;
import org.springframework.grpc.server.exception.GrpcExceptionHandlerInterceptor;

/**
 * Boot's factory for a gRPC server on Netty, except that its port is shared with HTTP, it listens on several addresses,
 * and it is set up from {@link ClientPortSettings} the way etcd sets up its own.
 *
 * <p>Services run on the event loops (direct executor): they must not block. Server reflection does not get in,
 * whatever is configured: etcd offers none.
 */
public final class ClientPortServerFactory extends NettyGrpcServerFactory {

    /** Clients may compress; telling them so in every answer, which they do not ask for, costs more than it is worth. */
    private static final DecompressorRegistry GZIP_UNADVERTISED =
            DecompressorRegistry.emptyInstance().with(new Codec.Gzip(), false).with(Codec.Identity.NONE, false);

    /** What a client may send on a stream before anybody has asked for room for it. */
    private static final int STREAM_WINDOW_BYTES = MemoryBudget.SMALL_BYTES;

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
            ClientBounds bounds,
            List<ServerBuilderCustomizer<NettyServerBuilder>> customizers) {
        super(options.listen().getFirst().toString(), customizers, null, null, null);
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
        return !(interceptor instanceof GrpcExceptionHandlerInterceptor) && super.supports(interceptor, service);
    }

    /** Takes a service in, with its streams tracked; reflection, which Boot adds, is left out. */
    @Override
    public void addService(ServerServiceDefinition service) {
        if (service.getServiceDescriptor().getName().startsWith("grpc.reflection.")) {
            return;
        }
        ServerServiceDefinition tracked = ServerInterceptors.intercept(service, tracker);
        services.add(tracked);
        super.addService(tracked);
    }

    @Override
    public Server createServer() {
        Server created = super.createServer();
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

    @Override
    protected NettyServerBuilder newServerBuilder() {
        ListenSockets toOpen = new ListenSockets(eventLoops, options.listen());
        sockets = toOpen;
        List<SocketAddress> places = toOpen.places().stream()
                .map(place -> socketAddress(place.first()))
                .toList();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(places.getFirst(), credentials(toOpen));
        places.stream().skip(1).forEach(builder::addListenAddress);
        return builder.bossEventLoopGroup(eventLoops.group())
                .workerEventLoopGroup(eventLoops.group())
                .channelFactory(toOpen)
                .withOption(ChannelOption.SO_BACKLOG, 4096)
                .directExecutor()
                .decompressorRegistry(GZIP_UNADVERTISED)
                .handshakeTimeout(Long.MAX_VALUE, TimeUnit.MILLISECONDS) // see PortSharingHandler
                .flowControlWindow(STREAM_WINDOW_BYTES)
                .maxInboundMessageSize(options.maxReceiveBytes())
                .maxInboundMetadataSize(options.maxMetadataBytes())
                .maxConcurrentCallsPerConnection((int) Math.min(options.maxConcurrentStreams(), Integer.MAX_VALUE))
                .permitKeepAliveTime(options.keepAliveMinTime().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(keepAliveNanos(), TimeUnit.NANOSECONDS)
                .keepAliveTimeout(options.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The builder takes the largest value for "never". */
    private long keepAliveNanos() {
        return options.keepAliveInterval().isPositive()
                ? options.keepAliveInterval().toNanos()
                : Long.MAX_VALUE;
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

    private ServerCredentials credentials(ListenSockets opened) {
        AsciiString scheme =
                AsciiString.of(options.tls() == null ? "http" : "https"); // only clients of gRPC ask for it
        PortSettings settings =
                new PortSettings(http.get(), new DirectMethods(services, tracers, options.maxReceiveBytes()), opened);
        return GrpcInternals.credentials(scheme, grpc -> new PortSharingHandler(grpc, settings));
    }

    private final class PortSettings implements PortSharingHandler.Settings {

        private final HttpHandler handler;
        private final DirectMethods methods;
        private final ListenSockets opened;

        PortSettings(HttpHandler handler, DirectMethods methods, ListenSockets opened) {
            this.handler = handler;
            this.methods = methods;
            this.opened = opened;
        }

        @Override
        public HttpHandler http(ListenSockets.Place place) {
            return place.protocols() == Protocols.PAGES ? handler.pagesOnly() : handler;
        }

        @Override
        public DirectMethods methods() {
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
