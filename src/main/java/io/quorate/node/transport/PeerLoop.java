package io.quorate.node.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.TimeUnit;

/** The one event loop of the transport, and the kinds of channel that run on it: native epoll where there is one. */
final class PeerLoop implements AutoCloseable {

    private static final boolean NATIVE = Epoll.isAvailable();

    private final EventLoopGroup group;
    private final EventLoop loop;

    PeerLoop() {
        IoHandlerFactory io = NATIVE ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("peer-port", true), io);
        loop = group.next();
    }

    EventLoop loop() {
        return loop;
    }

    /** A channel to listen with, on a socket file or a port. */
    Class<? extends ServerChannel> serverChannel(boolean socketFile) {
        if (socketFile) {
            return NATIVE ? EpollServerDomainSocketChannel.class : NioServerDomainSocketChannel.class;
        }
        return NATIVE ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** A channel to dial with. */
    Class<? extends Channel> channel(boolean socketFile) {
        if (socketFile) {
            return NATIVE ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class;
        }
        return NATIVE ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** The address of a socket file. */
    static SocketAddress socketFile(String path) {
        return NATIVE ? new DomainSocketAddress(path) : UnixDomainSocketAddress.of(path);
    }

    /** Ends the thread and with it all connections. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
