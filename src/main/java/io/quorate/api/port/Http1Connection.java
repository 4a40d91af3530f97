package io.quorate.api.port;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Runs one HTTP/1.1 connection: one exchange after the other, pipelined requests waiting for their turn.
 *
 * <p>Closing the channel from outside is graceful, because that is how the server asks its connections to end at
 * shutdown; it insists with {@link CloseOrder}, which closes at once. The answer that is being made, or else the one to
 * the next request if it comes soon, says that it is the last.
 *
 * <p>Used by the event loop of its connection only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed writes and closes through the pipeline
@Slf4j
final class Http1Connection extends ChannelDuplexHandler implements InputPace.Input {

    /** Decoded parts of pipelined requests kept until the running exchange ends; beyond it reading stops. */
    private static final int AHEAD_MAX = 64;

    private static final long LINGER_MILLIS = 500;

    /** How long the rest of a request that was answered early may take. */
    private static final long REST_SECONDS = 10;

    /** How long a connection without a request stays open when the server stops: its next one may be on the way. */
    private static final long STOP_MILLIS = 250;

    private final HttpHandler handler;
    private final RemoteClient peer;
    private final long idleNanos;
    private final ArrayDeque<Object> ahead = new ArrayDeque<>();
    private final InputPace pace = new InputPace();

    private @Nullable ChannelHandlerContext ctx;
    private @Nullable Http1Exchange current;
    private @Nullable Future<?> idleCheck;
    private long idleSince = System.nanoTime();
    private boolean closing;
    private boolean stopping;
    private boolean reading;
    private boolean draining;
    private boolean unflushed;

    Http1Connection(HttpHandler handler, RemoteClient peer, Duration idleTimeout) {
        this.handler = handler;
        this.peer = peer;
        this.idleNanos = idleTimeout.toNanos();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        pace.lookAfter(() -> List.of(this));
        scheduleIdleCheck(context, idleNanos);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (idleCheck != null) {
            idleCheck.cancel(false);
        }
        pace.stop();
        releaseAhead();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        if (ahead.isEmpty() && accepts(ctx)) {
            accept(ctx, message);
        } else {
            ahead.add(message);
            if (ahead.size() >= AHEAD_MAX) {
                ctx.channel().config().setAutoRead(false);
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        if (unflushed) {
            unflushed = false;
            ctx.flush();
        }
        if (unfinished() != null) {
            pace.begun();
        }
        pace.readComplete(ctx);
    }

    /** A client that does not take its answers gets no more of them. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (current == null && ctx.channel().isWritable()) {
            drain(ctx);
        }
        ctx.fireChannelWritabilityChanged();
    }

    /** Of a header there is no need to tell: a connection without a request is closed. */
    @Override
    public @Nullable Object unfinished() {
        return current != null && current.isAwaited() ? current : null;
    }

    @Override
    public boolean isHeldUp() {
        return ctx != null && !ctx.channel().config().isAutoRead();
    }

    @Override
    public long sentBytes() {
        return pace.sentBytes();
    }

    @Override
    public void stalled() {
        if (current != null) {
            current.stall();
        }
    }

    /**
     * A part belongs to the running exchange until that has its whole request; then it has to wait. A request has to wait too while the client
     * does not take the answers to those before it.
     */
    private boolean accepts(ChannelHandlerContext ctx) {
        return current == null ? ctx.channel().isWritable() : !current.isRequestComplete();
    }

    private void accept(ChannelHandlerContext ctx, Object message) {
        try {
            if (closing && current == null) {
                return;
            }
            if (message instanceof HttpRequest request) {
                begin(ctx, request);
            }
            if (message instanceof HttpContent content && current != null) {
                pace.came(content.content().readableBytes());
                current.content(content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest request) {
        Http1Rules.Refusal refusal = Http1Rules.refusal(request);
        if (refusal != null) {
            refuse(ctx, refusal, request.uri());
            return;
        }
        Http1Exchange exchange = new Http1Exchange(this, ctx, request, peer);
        current = exchange;
        exchange.handOver(handler);
    }

    /**
     * Ends the connection with an answer. A client that does not speak HTTP/1 gets none, which it would not understand either.
     *
     * @param target what was asked for, as far as it is known
     */
    void refuse(ChannelHandlerContext ctx, Http1Rules.Refusal refusal, String target) {
        closing = true;
        HttpResponseStatus status = refusal.status();
        if (status == null) {
            ctx.close();
            return;
        }
        boolean rest = PlainProblem.isFor(target);
        byte[] text = rest
                ? PlainProblem.body(status.code(), "malformed", refusal.detail())
                : refusal.text().getBytes(StandardCharsets.US_ASCII);
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(text));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        if (rest) {
            response.headers().set(PlainProblem.headers());
        }
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, text.length).set(HttpHeaderNames.CONNECTION, "close");
        closeAfter(
                ctx, ctx.writeAndFlush(response), !status.equals(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE));
    }

    /** Sends part of the running answer; while input is being read the flush waits for its end. */
    ChannelFuture send(ChannelHandlerContext ctx, Object part) {
        ChannelFuture sent = ctx.write(part);
        flushUnlessReading(ctx);
        return sent;
    }

    private void flushUnlessReading(ChannelHandlerContext ctx) {
        if (reading) {
            unflushed = true;
        } else {
            ctx.flush();
        }
    }

    /** Called by the running exchange once its answer is written; its request may still be coming in. */
    void finished(ChannelHandlerContext ctx, ChannelFuture lastWrite, boolean reuse) {
        boolean requestComplete = current == null || current.isRequestComplete();
        if (!reuse || closing || stopping) {
            current = null;
            closing = true;
            closeAfter(ctx, lastWrite, requestComplete);
        } else if (requestComplete) {
            next(ctx);
        } else {
            ctx.channel().config().setAutoRead(true); // the rest is thrown away as it comes
            Http1Exchange answered = current;
            ctx.executor().schedule(() -> closeIfStill(ctx, answered), REST_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void closeIfStill(ChannelHandlerContext ctx, @Nullable Http1Exchange answered) {
        if (Objects.equals(current, answered)) {
            ctx.close();
        }
    }

    /** A client that is cut off while it sends would lose the answer, so it gets time to read it. */
    private static void closeAfter(ChannelHandlerContext ctx, ChannelFuture lastWrite, boolean requestComplete) {
        if (requestComplete) {
            lastWrite.addListener(sent -> ctx.close());
        } else {
            ctx.channel().config().setAutoRead(true);
            ctx.executor().schedule(() -> ctx.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** The rest of a request that was answered early has come in. */
    void drained(ChannelHandlerContext ctx) {
        if (closing) {
            ctx.close();
        } else {
            next(ctx);
        }
    }

    private void next(ChannelHandlerContext ctx) {
        current = null;
        idleSince = System.nanoTime();
        if (ahead.isEmpty()) {
            ctx.channel().config().setAutoRead(true);
        } else {
            drain(ctx);
        }
    }

    /** Goes on with what was pipelined. A flag keeps answers given at once from nesting. */
    private void drain(ChannelHandlerContext ctx) {
        if (draining) {
            return;
        }
        draining = true;
        try {
            while (!ahead.isEmpty() && accepts(ctx)) {
                accept(ctx, ahead.remove());
            }
        } finally {
            draining = false;
        }
        if (ahead.size() < AHEAD_MAX) {
            ctx.channel().config().setAutoRead(true);
        }
    }

    private void scheduleIdleCheck(ChannelHandlerContext ctx, long delayNanos) {
        idleCheck = ctx.executor().schedule(() -> closeIfIdle(ctx), delayNanos, TimeUnit.NANOSECONDS);
    }

    private void closeIfIdle(ChannelHandlerContext ctx) {
        long left = current == null ? idleNanos - (System.nanoTime() - idleSince) : idleNanos;
        if (left <= 0) {
            ctx.close();
        } else {
            scheduleIdleCheck(ctx, left);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        releaseAhead();
        Http1Exchange running = current;
        current = null;
        if (running != null) {
            running.peerGone();
        }
        ctx.fireChannelInactive();
    }

    private void releaseAhead() {
        ahead.forEach(ReferenceCountUtil::release);
        ahead.clear();
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        ctx.channel().closeFuture().addListener(done -> promise.trySuccess());
        stopping = true;
        if (current == null) {
            ctx.executor().schedule(() -> closeIfUnused(ctx), STOP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void closeIfUnused(ChannelHandlerContext ctx) {
        if (current == null) {
            ctx.close();
        }
    }

    /** Whether the answer to come is the last. */
    boolean isStopping() {
        return stopping;
    }

    /** Our own output does not pass here; what comes from outside is the order to close without waiting. */
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ReferenceCountUtil.release(message);
        promise.trySuccess();
        ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug("HTTP connection from {} failed", peer.remote(), cause);
        ctx.close();
    }
}
