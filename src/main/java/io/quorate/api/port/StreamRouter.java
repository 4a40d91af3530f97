package io.quorate.api.port;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.quorate.api.port.ListenAddress.Protocols;
import java.util.List;

/**
 * The streams of one HTTP/2 connection: a stream that speaks gRPC becomes a call, any other an HTTP exchange.
 *
 * <p>Clients that negotiate {@code h2} by ALPN (curl does) or speak it by prior knowledge send their JSON this way.
 *
 * <p>Used by the event loop of its connection only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed writes and closes through the pipeline
final class StreamRouter extends Http2FrameAdapter {

    private final MultiplexedConnection connection;
    private final HttpHandler handler;
    private final RemoteClient peer;
    private final Protocols protocols;
    private final ConnectionCalls calls;
    private final IntObjectMap<Http2Exchange> exchanges = new IntObjectHashMap<>();

    private boolean watching;

    /** @param protocols what the listener serves: on one for HTTP only, gRPC is HTTP too */
    StreamRouter(
            MultiplexedConnection connection,
            HttpHandler handler,
            ConnectionCalls calls,
            RemoteClient peer,
            Protocols protocols) {
        this.connection = connection;
        this.handler = handler;
        this.calls = calls;
        this.peer = peer;
        this.protocols = protocols;
        connection.pace().lookAfter(exchanges::values);
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
            boolean endOfStream) {
        onHeadersRead(ctx, streamId, headers, padding, endOfStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endOfStream) {
        if (!isTrailers(streamId)) {
            begin(ctx, streamId, headers, endOfStream);
        }
        if (endOfStream) {
            end(streamId);
        }
    }

    /** What trailers say does not matter. */
    private boolean isTrailers(int streamId) {
        return calls.of(streamId) != null || exchanges.containsKey(streamId);
    }

    private void begin(ChannelHandlerContext ctx, int streamId, Http2Headers headers, boolean endOfStream) {
        boolean grpc = protocols == Protocols.GRPC || protocols == Protocols.ALL && RequestFields.isGrpc(headers);
        if (!RequestFields.areWellFormed(headers) || !grpc && !RequestFields.areComplete(headers)) {
            connection.resetStream(ctx, streamId, Http2Error.PROTOCOL_ERROR.code(), ctx.newPromise());
            connection.flush(ctx);
        } else if (grpc) {
            RequestFields.Refusal refusal = calls.begin(ctx, streamId, headers);
            if (refusal != null) {
                refuse(ctx, streamId, refusal, endOfStream);
            }
        } else {
            watchForClose(ctx);
            Http2Exchange exchange = new Http2Exchange(this, connection, ctx, streamId, headers, peer);
            exchanges.put(streamId, exchange);
            connection.pace().begun();
            exchange.handOver(handler);
        }
    }

    private void end(int streamId) {
        ServedStream call = calls.of(streamId);
        Http2Exchange exchange = exchanges.get(streamId);
        if (call != null) {
            call.endOfRequest();
        } else if (exchange != null) {
            exchange.endOfRequest();
        }
    }

    private void refuse(ChannelHandlerContext ctx, int streamId, RequestFields.Refusal refusal, boolean endOfStream) {
        connection.encoder().writeHeaders(ctx, streamId, AnswerHeaders.refusal(refusal), 0, true, ctx.newPromise());
        if (!endOfStream) { // the rest of the request is of no use
            connection.resetStream(ctx, streamId, Http2Error.NO_ERROR.code(), ctx.newPromise());
        }
        connection.flush(ctx);
    }

    /** Most connections have calls only, so the listener is added with the first exchange. */
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

    /** Says for how many bytes the client may send others. Those of a stream that nobody reads count as read. */
    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
        ServedStream call = calls.of(streamId);
        Http2Exchange exchange = call == null ? exchanges.get(streamId) : null;
        int bytes = data.readableBytes();
        connection.pace().came(bytes);
        if (call != null) {
            bytes = call.data(data);
        } else if (exchange != null) {
            bytes = exchange.data(data);
        }
        if (endOfStream) {
            end(streamId);
        }
        return bytes + padding;
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int bytes) {
        if (streamId != 0) { // what waits for the connection's is moved by Netty
            calls.windowOpened(streamId);
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
        if (settings.initialWindowSize() != null) {
            calls.windowOpened(0);
        }
    }

    /** Calls hear of it when the stream is closed. */
    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
        Http2Exchange exchange = exchanges.remove(streamId);
        if (exchange != null) {
            exchange.connectionLost();
        }
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
        connection.pinged();
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        connection.pingAnswered(data);
    }

    /** The exchange has nothing more to send and expects nothing more. */
    void forget(int streamId) {
        exchanges.remove(streamId);
    }
}
