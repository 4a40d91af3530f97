package io.quorate.api.port;

import io.grpc.Server;
import io.quorate.api.port.ListenAddress.ListenAddressInUseException;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Locale;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/**
 * Starts the client port last and stops it first (phase {@link Integer#MAX_VALUE}).
 *
 * <p>To stop is: end the open streams, take no new connection, wait for running calls up to the grace period, close.
 */
public final class ClientPortLifecycle extends GrpcServerLifecycle {

    private final ClientPortServerFactory factory;
    private final ClientPortSettings options;
    private final OpenStreams openStreams;

    ClientPortLifecycle(
            ClientPortServerFactory factory,
            ClientPortSettings options,
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
        return factory.listenAddresses();
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
            if (address.socketFile()) {
                continue; // what can be known about these was found before
            }
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true); // as the server does: connections that linger from before are no obstacle
                probe.bind(address.socketAddress());
            } catch (BindException e) {
                return explained(address, e);
            } catch (IOException e) {
                return new IllegalStateException("cannot listen on " + address + ": " + e.getMessage(), failure);
            }
        }
        return new IllegalStateException("cannot listen on " + options.listen(), failure);
    }

    static RuntimeException explained(ListenAddress address, BindException failure) {
        String reason = String.valueOf(failure.getMessage());
        return reason.toLowerCase(Locale.ROOT).contains("in use")
                ? new ListenAddressInUseException(address, failure)
                : new IllegalStateException("cannot listen on " + address + ": " + reason, failure);
    }

    @Override
    protected void stopAndReleaseGrpcServer() {
        openStreams.closeAll();
        super.stopAndReleaseGrpcServer();
    }
}
