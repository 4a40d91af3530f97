package io.quorate.api.port;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.quorate.api.port.ClientPortServerFactory.ClientBounds;
import io.quorate.api.port.ListenAddress.Protocols;
import io.quorate.tls.TlsHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * First handler of a new connection: finds out what it speaks and then makes way for the handlers of that.
 *
 * <p>Only the HTTP/2 preface is looked for, with or without TLS: whatever differs from it is HTTP/1.1.
 *
 * <p>Used by the event loop of its connection only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed writes and closes through the pipeline
@Slf4j
final class PortSharingHandler extends ChannelDuplexHandler {

    private static final ByteBuf PREFACE =
            Unpooled.unreleasableBuffer(Http2CodecUtil.connectionPrefaceBuf()).asReadOnly();

    private static final byte TLS_HANDSHAKE = 22;

    /** More than the REST API takes, so that it can say so. */
    private static final int INITIAL_LINE_CHARS_MAX = 24 * 1024;

    private final Settings settings;

    private @Nullable ByteBuf seen;
    private @Nullable SslHandler tls;
    private @Nullable Future<?> timeout;

    /** What holds for all connections of a listener. */
    interface Settings {

        /** What answers HTTP at a place. */
        HttpHandler http(ListenSockets.Place place);

        PortMethods methods();

        ClientPortSettings options();

        ClientBounds bounds();

        /** Where a connection came in. */
        ListenSockets.Place place(ChannelHandlerContext ctx);
    }

    PortSharingHandler(Settings settings) {
        this.settings = settings;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (!settings.bounds().connections().admit(ctx.channel())) {
            ctx.close();
            return;
        }
        Duration limit = settings.options().negotiationTimeout();
        if (!settings.place(ctx).takesClearText()) {
            startTls(ctx);
        }
        timeout = ctx.executor().schedule(() -> giveUp(ctx), limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void startTls(ChannelHandlerContext ctx) {
        TlsHandlers handlers = Objects.requireNonNull(settings.options().tls(), "checked with the options");
        SslHandler handler = handlers.newHandler(ctx.channel());
        handler.setHandshakeTimeout(settings.options().negotiationTimeout().toMillis(), TimeUnit.MILLISECONDS);
        tls = handler;
        ctx.pipeline().addBefore(ctx.name(), null, handler);
    }

    private static void giveUp(ChannelHandlerContext ctx) {
        log.debug("Connection from {} said nothing in time", ctx.channel().remoteAddress());
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (timeout != null) {
            timeout.cancel(false);
        }
        if (seen != null) {
            seen.release();
            seen = null;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = seen == null
                ? (ByteBuf) message
                : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), seen, (ByteBuf) message);
        seen = bytes;
        if (bytes.isReadable()
                && isFirstOfTls(bytes)
                && tls == null
                && settings.place(ctx).takesTls()) {
            seen = null;
            startTls(ctx);
            ctx.pipeline().fireChannelRead(bytes); // once more from the start, where they are deciphered now
            return;
        }
        int compared = Math.min(bytes.readableBytes(), PREFACE.readableBytes());
        if (!ByteBufUtil.equals(bytes, bytes.readerIndex(), PREFACE, 0, compared)) {
            startHttp1(ctx, bytes);
        } else if (compared == PREFACE.readableBytes()) {
            startHttp2(ctx, bytes);
        }
    }

    /** Neither HTTP/1.1 nor the preface of HTTP/2 begins with the type of a handshake record. */
    private static boolean isFirstOfTls(ByteBuf bytes) {
        return bytes.getByte(bytes.readerIndex()) == TLS_HANDSHAKE;
    }

    /** Successors are put behind this handler first, so that the bytes read so far can be passed on to them. */
    private void startHttp1(ChannelHandlerContext ctx, ByteBuf first) {
        ListenSockets.Place place = settings.place(ctx);
        if (place.protocols() == Protocols.GRPC) {
            ctx.close();
            return;
        }
        seen = null;
        HttpDecoderConfig decoding = new HttpDecoderConfig()
                .setMaxHeaderSize(settings.options().maxMetadataBytes())
                .setMaxInitialLineLength(INITIAL_LINE_CHARS_MAX);
        HttpServerCodec codec = new HttpServerCodec(decoding);
        ctx.pipeline()
                .addAfter(
                        ctx.name(),
                        "http1",
                        new Http1Connection(
                                settings.http(place),
                                peer(ctx),
                                settings.options().httpIdleTimeout()))
                .addAfter(ctx.name(), "http1-codec", codec);
        ctx.fireChannelRead(first);
        ctx.pipeline().remove(this);
    }

    private void startHttp2(ChannelHandlerContext ctx, ByteBuf first) {
        seen = null;
        MultiplexedConnection connection = MultiplexedConnection.of(settings.options(), limitsPings(ctx));
        FrameGate gate = new FrameGate(connection);
        connection.decoder().frameListener(streams(ctx, connection));
        ctx.pipeline().addAfter(ctx.name(), "http2", connection);
        ctx.pipeline().addAfter(ctx.name(), "http2-gate", gate);
        ctx.fireChannelRead(first);
        ctx.pipeline().remove(this);
    }

    /** In etcd the server of HTTP takes connections with TLS, and lets clients ping as they like, unless the listener is for gRPC alone. */
    private boolean limitsPings(ChannelHandlerContext ctx) {
        return tls == null || settings.place(ctx).protocols() == Protocols.GRPC;
    }

    private StreamRouter streams(ChannelHandlerContext ctx, MultiplexedConnection connection) {
        RemoteClient peer = peer(ctx);
        ListenSockets.Place place = settings.place(ctx);
        ConnectionCalls calls = new ConnectionCalls(
                connection,
                settings.methods(),
                attributes(ctx, peer),
                settings.bounds().memory());
        return new StreamRouter(connection, settings.http(place), calls, peer, place.protocols());
    }

    /** What services may ask of the connection of a call. */
    private static Attributes attributes(ChannelHandlerContext ctx, RemoteClient peer) {
        Attributes.Builder attributes = Attributes.newBuilder()
                .set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, ctx.channel().localAddress())
                .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, ctx.channel().remoteAddress());
        if (peer.tls() != null) {
            attributes.set(Grpc.TRANSPORT_ATTR_SSL_SESSION, peer.tls());
        }
        return attributes.build();
    }

    private RemoteClient peer(ChannelHandlerContext ctx) {
        return new RemoteClient(
                ctx.channel().remoteAddress(), tls == null ? null : tls.engine().getSession());
    }

    /** The server insists that the connection ends, whatever it would have spoken; all else is from the handlers that follow. */
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message == CloseOrder.NOW) {
            promise.trySuccess();
            ctx.close();
        } else {
            ctx.write(message, promise);
        }
    }

    /** Events of the handshake end here; no later handler needs them. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
            ctx.close();
        } else if (event instanceof ChannelInputShutdownEvent) {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug(
                "Connection from {} failed before it said what it speaks",
                ctx.channel().remoteAddress(),
                cause);
        ctx.close();
    }
}
