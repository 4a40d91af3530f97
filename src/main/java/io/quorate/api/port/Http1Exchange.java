package io.quorate.api.port;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * An exchange over HTTP/1.1 (or 1.0, which has no chunks: there the end of the connection ends a streamed answer).
 *
 * <p>Used by the event loop of its connection only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed writes and closes through the pipeline
final class Http1Exchange extends AbstractExchange {

    private static final int PIECE_BYTES = 64 * 1024;

    private final Http1Connection connection;
    private final ChannelHandlerContext ctx;
    private final boolean http10;
    private final boolean keepAlive;
    private final boolean continueExpected;
    private final HttpRequest request;

    private @Nullable Body body;
    private boolean requestComplete;
    private boolean continued;
    private boolean streamReusable;
    private int surplusBytes;

    Http1Exchange(Http1Connection connection, ChannelHandlerContext ctx, HttpRequest request, RemoteClient peer) {
        super(
                request.method().name(),
                request.uri(),
                request.headers(),
                peer,
                ctx.channel().eventLoop());
        this.connection = connection;
        this.request = request;
        this.ctx = ctx;
        this.http10 = request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0;
        this.keepAlive = HttpUtil.isKeepAlive(request);
        this.continueExpected = HttpUtil.is100ContinueExpected(request);
    }

    void content(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            // The length of the request is not known any more, so neither is where the next one starts.
            requestComplete = true;
            boolean untold = isOpen();
            peerGone();
            if (untold) {
                connection.refuse(ctx, Http1Rules.BAD, path());
            } else {
                ctx.close();
            }
            return;
        }
        boolean last = content instanceof LastHttpContent;
        requestComplete |= last;
        if (isFinished()) {
            surplus(content.content().readableBytes());
            return;
        }
        deliver(body, content.content());
        if (last) {
            deliverEnd(body);
        }
    }

    /** The answer is out already; the next request may come once this one is over. */
    private void surplus(int bytes) {
        surplusBytes += bytes;
        if (requestComplete) {
            connection.drained(ctx);
        } else if (surplusBytes > SURPLUS_BYTES_MAX) {
            ctx.close();
        }
    }

    /** Whether the client owes the rest of its request. */
    boolean isAwaited() {
        return !requestComplete && !isFinished() && (body == null || !body.isBetweenRequests());
    }

    boolean isRequestComplete() {
        return requestComplete;
    }

    @Override
    public void receive(Body receiver) {
        body = receiver;
        if (continueExpected && !requestComplete) {
            continued = true;
            connection.send(
                    ctx,
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
    }

    @Override
    public void holdBody(boolean hold) {
        ctx.channel().config().setAutoRead(!hold);
    }

    @Override
    ChannelFuture sendAll(int status, HttpHeaders headers, ByteBuf content) {
        boolean reuse = isReusable() && !headers.contains(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
        headers.set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
        announce(headers, reuse);
        if (content.readableBytes() > PIECE_BYTES) {
            connection.send(
                    ctx, new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), headers));
            return new Pieces(content, reuse).send();
        }
        ChannelFuture sent = connection.send(
                ctx,
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(status),
                        content,
                        headers,
                        EmptyHttpHeaders.INSTANCE));
        connection.finished(ctx, sent, reuse);
        return sent;
    }

    /** A long answer, of which the next piece is handed over when the one before has left. */
    private final class Pieces {

        private final ByteBuf content;
        private final boolean reuse;
        private final ChannelPromise whole = ctx.newPromise();

        Pieces(ByteBuf content, boolean reuse) {
            this.content = content;
            this.reuse = reuse;
        }

        ChannelFuture send() {
            if (content.readableBytes() > PIECE_BYTES) {
                connection
                        .send(ctx, new DefaultHttpContent(content.readRetainedSlice(PIECE_BYTES)))
                        .addListener(this::sent);
            } else {
                ChannelFuture last = connection.send(ctx, new DefaultLastHttpContent(content));
                last.addListener(this::lastSent);
                connection.finished(ctx, last, reuse);
            }
            return whole;
        }

        private void sent(Future<?> piece) {
            if (piece.isSuccess()) {
                send();
            } else {
                content.release();
                whole.tryFailure(piece.cause());
            }
        }

        private void lastSent(Future<?> piece) {
            if (piece.isSuccess()) {
                whole.trySuccess();
            } else {
                whole.tryFailure(piece.cause());
            }
        }
    }

    @Override
    void sendHead(int status, HttpHeaders headers) {
        if (!http10 && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        streamReusable = !http10 && isReusable();
        announce(headers, streamReusable);
        connection.send(
                ctx, new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), headers));
    }

    /** Whether another request can follow: this one must be over, or its rest short enough to be thrown away. */
    private boolean isReusable() {
        if (!keepAlive || connection.isStopping()) {
            return false;
        }
        if (requestComplete) {
            return true;
        }
        boolean withheld = continueExpected && !continued;
        return !withheld && HttpUtil.getContentLength(request, 0L) <= SURPLUS_BYTES_MAX;
    }

    private void announce(HttpHeaders headers, boolean reuse) {
        if (!reuse) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (http10) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }

    @Override
    ChannelFuture sendContent(ByteBuf content) {
        return connection.send(ctx, new DefaultHttpContent(content));
    }

    @Override
    ChannelFuture sendEnd() {
        ChannelFuture sent = connection.send(ctx, LastHttpContent.EMPTY_LAST_CONTENT);
        connection.finished(ctx, sent, streamReusable);
        return sent;
    }

    @Override
    void sendReset() {
        ctx.close();
    }
}
