package io.quorate.api.port;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The event loops of the client port and the kinds of channel that run on them: native epoll where there is one. */
final class EventLoops implements AutoCloseable {

    private static final boolean NATIVE = Epoll.isAvailable();

    /** Buffers come from chunks of pages times two to the power of this: 2 MiB. The default wastes more where few connections are busy. */
    private static final int CHUNK_ORDER = 8;

    /** What connections read into and write from. */
    static final ByteBufAllocator BUFFERS = new PooledByteBufAllocator(
            true,
            PooledByteBufAllocator.defaultNumHeapArena(),
            PooledByteBufAllocator.defaultNumDirectArena(),
            PooledByteBufAllocator.defaultPageSize(),
            CHUNK_ORDER,
            PooledByteBufAllocator.defaultSmallCacheSize(),
            PooledByteBufAllocator.defaultNormalCacheSize(),
            PooledByteBufAllocator.defaultUseCacheForAllThreads());

    private final EventLoopGroup group;

    /** @param threads 0 for one per processor */
    EventLoops(int threads) {
        IoHandlerFactory io = NATIVE ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        this.group = new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("client-port", true), io);
        CallLoop.register(group);
    }

    EventLoopGroup group() {
        return group;
    }

    /** A channel to listen with, on a socket file or a port. */
    ServerChannel newServerChannel(boolean socketFile) {
        if (socketFile) {
            return NATIVE ? new EpollServerDomainSocketChannel() : new NioServerDomainSocketChannel();
        }
        return NATIVE ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    }

    static Class<? extends Channel> unixChannel() {
        return NATIVE ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class;
    }

    static SocketAddress unixAddress(Path path) {
        return NATIVE ? new DomainSocketAddress(path.toFile()) : UnixDomainSocketAddress.of(path);
    }

    /** Ends the threads; connections still open are closed with them. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
