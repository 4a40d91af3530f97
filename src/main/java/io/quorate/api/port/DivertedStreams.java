package io.quorate.api.port;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.quorate.api.port.ListenAddress.Protocols;
import java.util.List;

/**
 * Takes streams out of an HTTP/2 connection before gRPC's server sees them: those that do not speak gRPC, which it would answer
 * with 415, and the calls that {@link DirectCalls} serves faster.
 *
 * <p>Clients that negotiate {@code h2} by ALPN (curl does) or speak it by prior knowledge send their JSON this way.
 *
 * <p>Used by the event loop of its connection only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed writes and closes through the pipeline
final class DivertedStreams extends Http2FrameListenerDecorator {

    private final Http2ConnectionHandler connection;
    private final HttpHandler handler;
    private final RemoteClient peer;
    private final Protocols protocols;
    private final DirectCalls direct;
    private final RequestFields fields;
    private final PartialMessages partial;
    private final IntObjectMap<Http2Exchange> exchanges = new IntObjectHashMap<>();

    private boolean watching;
    private boolean counting;

    /**
     * What deals with streams that speak gRPC.
     *
     * @param direct serves what it can
     * @param fields checks the headers of all
     * @param partial accounts for what the others gather
     */
    record Grpc(DirectCalls direct, RequestFields fields, PartialMessages partial) {}

    /** @param protocols what the listener serves: on one for HTTP only, gRPC is HTTP too */
    DivertedStreams(
            Http2ConnectionHandler connection, HttpHandler handler, Grpc grpc, RemoteClient peer, Protocols protocols) {
        super(connection.decoder().frameListener());
        this.connection = connection;
        this.handler = handler;
        this.peer = peer;
        this.protocols = protocols;
        this.direct = grpc.direct();
        this.fields = grpc.fields();
        this.partial = grpc.partial();
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endOfStream)
            throws Http2Exception {
        if (!take(ctx, streamId, headers, endOfStream)) {
            prepare(streamId, headers);
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
            prepare(streamId, headers);
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
        ServedStream call = direct.of(streamId);
        if (call != null) {
            if (endOfStream) {
                call.endOfRequest();
            }
            return true;
        }
        if (partial.isOpen(streamId)) { // trailers
            return false;
        }
        if (!RequestFields.areWellFormed(headers)) {
            connection.resetStream(ctx, streamId, Http2Error.PROTOCOL_ERROR.code(), ctx.newPromise());
            connection.flush(ctx);
            return true;
        }
        if (protocols == Protocols.GRPC || protocols == Protocols.ALL && RequestFields.isGrpc(headers)) {
            RequestFields.Refusal refusal = fields.refusal(headers);
            if (refusal != null) {
                refuse(ctx, streamId, refusal, endOfStream);
                return true;
            }
            return !endOfStream && direct.begin(ctx, streamId, headers);
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

    private void refuse(ChannelHandlerContext ctx, int streamId, RequestFields.Refusal refusal, boolean endOfStream) {
        Http2Headers answer = DirectHeaders.refusal(refusal.httpStatus(), refusal.status());
        connection.encoder().writeHeaders(ctx, streamId, answer, 0, true, ctx.newPromise());
        if (!endOfStream) { // the rest of the request is of no use
            connection.resetStream(ctx, streamId, Http2Error.NO_ERROR.code(), ctx.newPromise());
        }
        connection.flush(ctx);
    }

    /**
     * gRPC's server would reset a stream whose time is over. The time goes under a name that it does not know, and {@link
     * StreamTracker} ends the call with a status.
     */
    private void prepare(int streamId, Http2Headers headers) {
        if (partial.isOpen(streamId)) { // trailers
            return;
        }
        if (!counting) {
            counting = true;
            connection.connection().addListener(new Http2ConnectionAdapter() {
                @Override
                public void onStreamClosed(Http2Stream stream) {
                    partial.close(stream.id());
                }
            });
        }
        partial.open(streamId);
        headers.remove(StreamTracker.TIMEOUT_FIELD);
        CharSequence timeout = headers.get(RequestFields.TIMEOUT);
        if (timeout != null) {
            headers.remove(RequestFields.TIMEOUT);
            headers.add(StreamTracker.TIMEOUT_FIELD, AsciiString.of(timeout));
        }
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

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
            throws Http2Exception {
        ServedStream call = direct.of(streamId);
        if (call != null) {
            int bytes = call.data(data) + padding;
            if (endOfStream) {
                call.endOfRequest();
            }
            return bytes;
        }
        Http2Exchange exchange = exchanges.get(streamId);
        if (exchange == null) {
            return gather(ctx, streamId, data, padding, endOfStream);
        }
        int processed = exchange.data(data);
        if (endOfStream) {
            exchange.endOfRequest();
        }
        return processed + padding;
    }

    /**
     * For gRPC's server, which gathers whatever comes. It gets copies on the heap, where they are accounted for: a piece of what
     * was read would keep all that was read with it, outside the heap, from other connections too.
     */
    private int gather(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
            throws Http2Exception {
        int bytes = data.readableBytes() + padding;
        if (partial.take(streamId, data)) {
            ByteBuf copy = Unpooled.buffer(data.readableBytes(), data.readableBytes());
            try {
                return super.onDataRead(ctx, streamId, copy.writeBytes(data), padding, endOfStream);
            } finally {
                copy.release();
            }
        }
        super.onRstStreamRead(ctx, streamId, Http2Error.CANCEL.code()); // for the server it is gone
        connection.resetStream(ctx, streamId, Http2Error.ENHANCE_YOUR_CALM.code(), ctx.newPromise());
        return bytes;
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
