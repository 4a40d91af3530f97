package io.quorate.api.port;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The server of the client port: listens, keeps track of the connections, ends them. It has ended when no connection is left. Any thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed closes through the pipeline
final class ClientPortServer extends Server {

    private static final int BACKLOG = 4096;

    private final EventLoops loops;
    private final ListenSockets sockets;
    private final List<SocketAddress> addresses;
    private final List<ServerServiceDefinition> services;
    private final Supplier<ChannelHandler> first;
    private final List<Channel> listening = new CopyOnWriteArrayList<>();
    private final Set<Channel> connections = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicBoolean shutdown = new AtomicBoolean();

    /**
     * @param sockets where it listens
     * @param addresses those of the sockets, in their order
     * @param first makes the first handler of each connection
     */
    ClientPortServer(
            EventLoops loops,
            ListenSockets sockets,
            List<SocketAddress> addresses,
            List<ServerServiceDefinition> services,
            Supplier<ChannelHandler> first) {
        this.loops = loops;
        this.sockets = sockets;
        this.addresses = List.copyOf(addresses);
        this.services = List.copyOf(services);
        this.first = first;
    }

    /** @throws IOException if it cannot listen on one of the addresses; it listens on none then */
    @Override
    public Server start() throws IOException {
        for (SocketAddress address : addresses) {
            ChannelFuture bound = bootstrap(address).bind(address).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                shutdown();
                throw new IOException("cannot listen on " + address, bound.cause());
            }
            listening.add(bound.channel());
        }
        return this;
    }

    private ServerBootstrap bootstrap(SocketAddress address) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group(), loops.group())
                .channelFactory(sockets)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.ALLOCATOR, EventLoops.BUFFERS)
                .childOption(ChannelOption.ALLOCATOR, EventLoops.BUFFERS)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        begin(connection);
                    }
                });
        return address instanceof InetSocketAddress
                ? bootstrap.childOption(ChannelOption.SO_KEEPALIVE, true)
                : bootstrap;
    }

    private void begin(Channel connection) {
        connections.add(connection);
        connection.closeFuture().addListener(closed -> {
            connections.remove(connection);
            endIfOver();
        });
        connection.pipeline().addLast(first.get());
        if (shutdown.get()) { // it came while the others were told
            connection.close();
        }
    }

    /** Listens no more, and asks connections to end when what they do is done. */
    @Override
    public Server shutdown() {
        if (shutdown.compareAndSet(false, true)) {
            listening.forEach(each -> each.close().awaitUninterruptibly());
            connections.forEach(Channel::close);
            endIfOver();
        }
        return this;
    }

    /** Ends connections whatever they do. */
    @Override
    public Server shutdownNow() {
        shutdown();
        connections.forEach(each -> each.writeAndFlush(CloseOrder.NOW));
        return this;
    }

    private void endIfOver() {
        if (shutdown.get() && connections.isEmpty()) {
            ended.complete(null);
        }
    }

    @Override
    public boolean isShutdown() {
        return shutdown.get();
    }

    @Override
    public boolean isTerminated() {
        return ended.isDone();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            ended.get(timeout, unit);
            return true;
        } catch (TimeoutException running) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("an end that cannot fail", impossible);
        }
    }

    @Override
    public void awaitTermination() throws InterruptedException {
        awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }

    @Override
    public List<? extends SocketAddress> getListenSockets() {
        return listening.stream().map(Channel::localAddress).toList();
    }

    /** That of the first listener; -1 if it is a socket file, or is not open. */
    @Override
    public int getPort() {
        return !listening.isEmpty() && listening.getFirst().localAddress() instanceof InetSocketAddress internet
                ? internet.getPort()
                : -1;
    }

    @Override
    public List<ServerServiceDefinition> getServices() {
        return services;
    }
}
