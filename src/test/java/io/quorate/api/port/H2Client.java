package io.quorate.api.port;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Speaks HTTP/2 over clear text by prior knowledge, which the JDK's client does not. */
final class H2Client implements AutoCloseable {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel connection;

    H2Client(int port) throws InterruptedException {
        connection = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(Http2FrameCodecBuilder.forClient().build())
                                .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
                    }
                })
                .connect("127.0.0.1", port)
                .sync()
                .channel();
    }

    /** A request whose answer comes as events: {@code status 200}, pieces of the body, {@code end}, {@code reset}. */
    final class Stream {

        final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private final Http2StreamChannel channel;

        private Stream(String path, String... fields) throws InterruptedException {
            channel = new Http2StreamChannelBootstrap(connection)
                    .handler(new Receiver(events))
                    .open()
                    .sync()
                    .getNow();
            Http2Headers headers = new DefaultHttp2Headers(false)
                    .method("POST")
                    .path(path)
                    .scheme("http")
                    .authority("localhost");
            for (int i = 0; i < fields.length; i += 2) {
                if (fields[i].startsWith(":")) {
                    headers.set(fields[i], fields[i + 1]);
                } else {
                    headers.add(fields[i], fields[i + 1]);
                }
            }
            channel.writeAndFlush(new DefaultHttp2HeadersFrame(headers)).sync();
        }

        /** Bytes as they are. */
        Stream send(byte[] bytes, boolean last) throws InterruptedException {
            channel.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), last))
                    .sync();
            return this;
        }

        /** Bytes that may come too late. */
        Stream sendAnyway(byte[] bytes, boolean last) {
            var _ = channel.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), last));
            return this;
        }

        /** Trailers, which end the request. */
        Stream sendTrailers() throws InterruptedException {
            channel.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().add("x", "y"), true))
                    .sync();
            return this;
        }

        Stream send(String text, boolean last) throws InterruptedException {
            return send(text.getBytes(StandardCharsets.UTF_8), last);
        }

        /** Bytes that leave when the window has room for them. */
        ChannelFuture sendLater(byte[] bytes) {
            return channel.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), false));
        }

        /** Whether the window stays as it is, however much comes. */
        void hold(boolean held) {
            channel.config().setAutoRead(!held);
        }

        void reset() throws InterruptedException {
            channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL)).sync();
        }

        /** Everything up to the end. */
        String rest() throws InterruptedException {
            StringBuilder all = new StringBuilder();
            for (String event = events.take(); !event.equals("end"); event = events.take()) {
                all.append(event);
            }
            return all.toString();
        }
    }

    Stream open(String path) throws InterruptedException {
        return new Stream(path, "content-type", "application/json");
    }

    /** A request with these fields, names and values in turn. */
    Stream open(String path, String... fields) throws InterruptedException {
        return new Stream(path, fields);
    }

    private static final class Receiver extends ChannelInboundHandlerAdapter {

        private final BlockingQueue<String> events;

        Receiver(BlockingQueue<String> events) {
            this.events = events;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            boolean last = false;
            if (frame instanceof Http2HeadersFrame head) {
                CharSequence status = head.headers().status();
                if (status != null) {
                    events.add("status " + status + " ");
                }
                if (head.headers().contains("grpc-status")) {
                    events.add("grpc " + head.headers().get("grpc-status") + " "
                            + head.headers().get("grpc-message", ""));
                }
                last = head.isEndStream();
            } else if (frame instanceof Http2DataFrame data) {
                if (data.content().isReadable()) {
                    events.add(new String(ByteBufUtil.getBytes(data.content()), StandardCharsets.UTF_8));
                }
                last = data.isEndStream();
            }
            ReferenceCountUtil.release(frame);
            if (last) {
                events.add("end");
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof Http2ResetFrame) {
                events.add("reset");
            }
        }
    }

    @Override
    public void close() {
        // Closing in order would wait for open streams; a lost connection does not.
        connection.eventLoop().submit(() -> connection.unsafe().closeForcibly()).syncUninterruptibly();
        var unused = group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
    }
}
