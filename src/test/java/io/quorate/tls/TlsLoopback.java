package io.quorate.tls;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.quorate.base.MonotonicClock;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Two ends of connections over loopback. */
final class TlsLoopback implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    final Handshakes accepted = new Handshakes("client", MonotonicClock.SYSTEM);
    private final Handshakes dialled = new Handshakes("peer", MonotonicClock.SYSTEM);
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<SslHandler> servers = new LinkedBlockingQueue<>();
    final TlsHandlers accepting;
    private final Channel listener;

    TlsLoopback(TlsRules rules, Credentials server) throws UnusableCredentialsException {
        accepting = TlsHandlers.accepting(rules, accepted, server);
        listener = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        SslHandler handler = accepting.newHandler(channel);
                        channel.pipeline().addLast(handler, new Quiet());
                        servers.add(handler);
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Failures come by the future of the handshake. */
    private static final class Quiet extends ChannelInboundHandlerAdapter {

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var unused = context.close();
        }
    }

    /**
     * Dials.
     *
     * @param host what the server's certificate must be for
     * @return why either end broke off; empty if both agreed
     */
    String dial(TlsRules rules, Credentials client, String host) throws Exception {
        TlsHandlers dialling = TlsHandlers.dialling(rules, dialled, client);
        InetSocketAddress address = (InetSocketAddress) listener.localAddress();
        // Kept here: a refused connection has left its pipeline empty before its caller looks into it.
        CompletableFuture<SslHandler> own = new CompletableFuture<>();
        Channel channel = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel created) {
                        SslHandler handler = dialling.newHandler(created, host, address.getPort());
                        created.pipeline().addLast(handler, new Quiet());
                        own.complete(handler);
                    }
                })
                .connect(address)
                .sync()
                .channel();
        SslHandler other = servers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        String failure = end(own.get()) + end(other);
        channel.close().sync();
        return failure;
    }

    private static String end(@Nullable SslHandler handler) throws InterruptedException {
        if (handler == null) {
            return "no connection";
        }
        var handshake = handler.handshakeFuture();
        if (!handshake.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            return "no end of the handshake";
        }
        StringBuilder reasons = new StringBuilder();
        for (Throwable cause = handshake.cause(); cause != null; cause = cause.getCause()) {
            reasons.append(cause.getMessage()).append("; ");
        }
        return reasons.toString();
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        accepted.close();
        dialled.close();
    }
}
