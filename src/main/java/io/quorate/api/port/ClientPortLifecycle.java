package io.quorate.api.port;

import io.grpc.Server;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/**
 * Starts the client port last and stops it first (phase {@link Integer#MAX_VALUE}).
 *
 * <p>To stop is: end the open streams, take no new connection, wait for running calls up to the grace period, close.
 */
public final class ClientPortLifecycle extends GrpcServerLifecycle {

    private final ClientPortServerFactory factory;
    private final ClientPortOptions options;
    private final OpenStreams openStreams;

    ClientPortLifecycle(
            ClientPortServerFactory factory,
            ClientPortOptions options,
            OpenStreams openStreams,
            ApplicationEventPublisher events) {
        super(factory, options.shutdownGrace(), events);
        this.factory = factory;
        this.options = options;
        this.openStreams = openStreams;
    }

    /** Where it listens, in the order of the options, with ports that the system chose in place of 0; empty while it does not run. */
    public List<ListenAddress> listenAddresses() {
        Server server = factory.server();
        if (server == null || !isRunning()) {
            return List.of();
        }
        Set<Integer> named = options.listen().stream().map(ListenAddress::port).collect(Collectors.toSet());
        Iterator<Integer> chosen = server.getListenSockets().stream()
                .map(socket -> ((InetSocketAddress) socket).getPort())
                .filter(port -> !named.contains(port))
                .iterator();
        return options.listen().stream()
                .map(address -> address.port() == 0 ? address.withPort(chosen.next()) : address)
                .toList();
    }

    @Override
    protected void createAndStartGrpcServer() throws IOException {
        try {
            super.createAndStartGrpcServer();
        } catch (IOException e) {
            throw explained(e);
        }
    }

    /** The server says which addresses it tried, not which of them failed; so each is tried once more. */
    private RuntimeException explained(IOException failure) {
        for (ListenAddress address : options.listen()) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true); // as the server does: connections that linger from before are no obstacle
                probe.bind(address.socketAddress());
            } catch (BindException e) {
                String reason = String.valueOf(e.getMessage());
                if (reason.toLowerCase(Locale.ROOT).contains("in use")) {
                    return new ListenAddressInUseException(address, failure);
                }
                return new IllegalStateException("cannot listen on " + address + ": " + reason, failure);
            } catch (IOException e) {
                return new IllegalStateException("cannot listen on " + address + ": " + e.getMessage(), failure);
            }
        }
        return new IllegalStateException("cannot listen on " + options.listen(), failure);
    }

    @Override
    protected void stopAndReleaseGrpcServer() {
        openStreams.closeAll();
        super.stopAndReleaseGrpcServer();
    }
}
