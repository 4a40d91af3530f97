package io.quorate.api.port;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that is one stream of an HTTP/2 connection.
 *
 * <p>Output is flushed through the connection handler, not through the context: the latter would leave DATA frames in
 * the flow controller.
 *
 * <p>Used by the event loop of its connection only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed writes and closes through the pipeline
@Slf4j
final class Http2Exchange extends AbstractExchange implements InputPace.Input {

    /** Fields that belong to HTTP/1.1 connections and are malformed in HTTP/2. */
    private static final Set<String> CONNECTION_FIELDS =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "te");

    private final StreamRouter streams;
    private final MultiplexedConnection connection;
    private final ChannelHandlerContext ctx;
    private final int streamId;

    private @Nullable Body body;
    private boolean held;
    private int heldBytes;
    private int surplusBytes;
    private boolean requestComplete;

    Http2Exchange(
            StreamRouter streams,
            MultiplexedConnection connection,
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            RemoteClient peer) {
        super(
                text(headers.method(), "GET"),
                text(headers.path(), "/"),
                fields(headers),
                peer,
                ctx.channel().eventLoop());
        this.streams = streams;
        this.connection = connection;
        this.ctx = ctx;
        this.streamId = streamId;
    }

    private static String text(@Nullable CharSequence value, String otherwise) {
        return value == null ? otherwise : value.toString();
    }

    private static HttpHeaders fields(Http2Headers source) {
        HttpHeaders fields = new DefaultHttpHeaders();
        for (Map.Entry<CharSequence, CharSequence> field : source) {
            String name = field.getKey().toString();
            if (!name.startsWith(":") && !CONNECTION_FIELDS.contains(name)) {
                fields.add(name, field.getValue());
            }
        }
        if (source.authority() != null) {
            fields.set(HttpHeaderNames.HOST, source.authority());
        }
        return fields;
    }

    /** Returns how many bytes flow control may give back to the client now. */
    int data(ByteBuf data) {
        int bytes = data.readableBytes();
        if (isFinished()) {
            surplusBytes += bytes;
            if (surplusBytes > SURPLUS_BYTES_MAX) {
                reset(Http2Error.NO_ERROR);
            }
            return bytes;
        }
        deliver(body, data);
        if (held) {
            heldBytes += bytes;
            return 0;
        }
        return bytes;
    }

    void endOfRequest() {
        requestComplete = true;
        if (isFinished()) {
            streams.forget(streamId);
        } else {
            deliverEnd(body);
        }
    }

    @Override
    public @Nullable Object unfinished() {
        boolean between = !isFinished() && body != null && body.isBetweenRequests();
        return requestComplete || between ? null : this;
    }

    @Override
    public boolean isHeldUp() {
        return connection.holdsUp(streamId);
    }

    @Override
    public long sentBytes() {
        return connection.pace().sentBytes();
    }

    /** Also the rest of a request that was answered must come. */
    @Override
    public void stalled() {
        if (isFinished()) {
            reset(Http2Error.NO_ERROR);
        } else {
            stall();
        }
    }

    void connectionLost() {
        peerGone();
    }

    @Override
    public void receive(Body receiver) {
        body = receiver;
    }

    /** The client's window stays shut for as long as its bytes are not given back. */
    @Override
    public void holdBody(boolean hold) {
        held = hold;
        Http2Stream stream = connection.connection().stream(streamId);
        if (hold || heldBytes == 0 || stream == null) {
            return;
        }
        try {
            if (connection.decoder().flowController().consumeBytes(stream, heldBytes)) {
                connection.flush(ctx);
            }
            heldBytes = 0;
        } catch (Http2Exception e) {
            log.debug("Window of stream {} cannot be opened", streamId, e);
            abort();
        }
    }

    @Override
    ChannelFuture sendAll(int status, HttpHeaders headers, ByteBuf content) {
        headers.set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
        connection.encoder().writeHeaders(ctx, streamId, head(status, headers), 0, false, ctx.newPromise());
        ChannelFuture sent = connection.encoder().writeData(ctx, streamId, content, 0, true, ctx.newPromise());
        finish();
        if (!requestComplete && headers.contains(HttpHeaderNames.CONNECTION)) { // nobody waits for the rest
            reset(Http2Error.NO_ERROR);
        }
        return sent;
    }

    @Override
    void sendHead(int status, HttpHeaders headers) {
        connection.encoder().writeHeaders(ctx, streamId, head(status, headers), 0, false, ctx.newPromise());
        connection.flush(ctx);
    }

    private static Http2Headers head(int status, HttpHeaders headers) {
        Http2Headers head = new DefaultHttp2Headers().status(Integer.toString(status));
        for (Map.Entry<String, String> field : headers) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (!CONNECTION_FIELDS.contains(name)) {
                head.add(name, field.getValue());
            }
        }
        return head;
    }

    @Override
    ChannelFuture sendContent(ByteBuf content) {
        ChannelFuture sent = connection.encoder().writeData(ctx, streamId, content, 0, false, ctx.newPromise());
        connection.flush(ctx);
        return sent;
    }

    @Override
    ChannelFuture sendEnd() {
        ChannelFuture sent =
                connection.encoder().writeData(ctx, streamId, Unpooled.EMPTY_BUFFER, 0, true, ctx.newPromise());
        finish();
        return sent;
    }

    /** The answer is complete; the stream is kept until the client has ended its part. */
    private void finish() {
        holdBody(false);
        if (requestComplete) {
            streams.forget(streamId);
        }
        connection.flush(ctx);
    }

    private void reset(Http2Error error) {
        streams.forget(streamId);
        connection.resetStream(ctx, streamId, error.code(), ctx.newPromise());
        connection.flush(ctx);
    }

    @Override
    void sendReset() {
        reset(Http2Error.INTERNAL_ERROR);
    }
}
