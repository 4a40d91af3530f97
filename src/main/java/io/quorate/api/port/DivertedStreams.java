package io.quorate.api.port;

import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.quorate.api.port.ListenAddress.Protocols;
import java.util.List;

/**
 * Takes streams out of an HTTP/2 connection before gRPC's server sees them: those that do not speak gRPC, which it would answer
 * with 415, and the unary calls that {@link DirectCalls} serves faster.
 *
 * <p>Clients that negotiate {@code h2} by ALPN (curl does) or speak it by prior knowledge send their JSON this way.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed writes and closes through the pipeline
final class DivertedStreams extends Http2FrameListenerDecorator {

    private final GrpcHttp2ConnectionHandler connection;
    private final HttpHandler handler;
    private final Peer peer;
    private final Protocols protocols;
    private final DirectCalls direct;
    private final IntObjectMap<Http2Exchange> exchanges = new IntObjectHashMap<>();

    private boolean watching;

    /** @param protocols what the listener serves: on one for HTTP only, gRPC is HTTP too */
    DivertedStreams(
            GrpcHttp2ConnectionHandler connection,
            HttpHandler handler,
            DirectCalls direct,
            Peer peer,
            Protocols protocols) {
        super(connection.decoder().frameListener());
        this.connection = connection;
        this.handler = handler;
        this.peer = peer;
        this.protocols = protocols;
        this.direct = direct;
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endOfStream)
            throws Http2Exception {
        if (!take(ctx, streamId, headers, endOfStream)) {
            super.onHeadersRead(ctx, streamId, headers, padding, endOfStream);
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        if (!take(ctx, streamId, headers, endOfStream)) {
            super.onHeadersRead(ctx, streamId, headers, streamDependency, weight, exclusive, padding, endOfStream);
        }
    }

    private boolean take(ChannelHandlerContext ctx, int streamId, Http2Headers headers, boolean endOfStream) {
        Http2Exchange running = exchanges.get(streamId);
        if (running != null) { // trailers; what they say does not matter
            if (endOfStream) {
                running.endOfRequest();
            }
            return true;
        }
        DirectCall call = direct.of(streamId);
        if (call != null) {
            if (endOfStream) {
                call.endOfRequest();
            }
            return true;
        }
        if (protocols != Protocols.HTTP) {
            if (!endOfStream && direct.begin(ctx, streamId, headers)) {
                return true;
            }
            if (protocols == Protocols.GRPC || isGrpc(headers)) {
                return false;
            }
        }
        watchForClose(ctx);
        Http2Exchange exchange = new Http2Exchange(this, connection, ctx, streamId, headers, peer);
        exchanges.put(streamId, exchange);
        exchange.handOver(handler);
        if (endOfStream) {
            exchange.endOfRequest();
        }
        return true;
    }

    /** Most connections never divert a stream, so the listener is added with the first one. */
    private void watchForClose(ChannelHandlerContext ctx) {
        if (!watching) {
            watching = true;
            ctx.channel().closeFuture().addListener(done -> abortAll());
        }
    }

    private void abortAll() {
        List<Http2Exchange> running = List.copyOf(exchanges.values());
        exchanges.clear();
        running.forEach(Http2Exchange::connectionLost);
    }

    private static boolean isGrpc(Http2Headers headers) {
        CharSequence type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        return type != null && type.toString().startsWith("application/grpc");
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
            throws Http2Exception {
        DirectCall call = direct.of(streamId);
        if (call != null) {
            int bytes = data.readableBytes() + padding;
            call.data(data);
            if (endOfStream) {
                call.endOfRequest();
            }
            return bytes;
        }
        Http2Exchange exchange = exchanges.get(streamId);
        if (exchange == null) {
            return super.onDataRead(ctx, streamId, data, padding, endOfStream);
        }
        int processed = exchange.data(data);
        if (endOfStream) {
            exchange.endOfRequest();
        }
        return processed + padding;
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int bytes) throws Http2Exception {
        super.onWindowUpdateRead(ctx, streamId, bytes);
        if (streamId != 0) { // what waits for the connection's is moved by Netty
            direct.windowOpened(streamId);
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
        super.onSettingsRead(ctx, settings);
        if (settings.initialWindowSize() != null) {
            direct.windowOpened(0);
        }
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) throws Http2Exception {
        Http2Exchange exchange = exchanges.remove(streamId);
        if (exchange == null) {
            super.onRstStreamRead(ctx, streamId, errorCode);
        } else {
            exchange.connectionLost();
        }
    }

    /** The exchange has nothing more to send and expects nothing more. */
    void forget(int streamId) {
        exchanges.remove(streamId);
    }
}
