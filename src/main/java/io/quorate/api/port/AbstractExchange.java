package io.quorate.api.port;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.quorate.base.Stages;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What both kinds of exchange share: the request's description, the state of the answer, the account of unsent bytes.
 *
 * <p>Used by the event loop of its connection only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed writes and closes through the pipeline
abstract class AbstractExchange implements HttpExchange {

    /** Output waiting beyond this stops the producer. */
    private static final int HIGH_WATER_BYTES = 256 * 1024;

    private static final int LOW_WATER_BYTES = 64 * 1024;

    /** What a client may go on sending after its answer; it is thrown away, and beyond it the client is cut off. */
    static final int SURPLUS_BYTES_MAX = 256 * 1024;

    private final String method;
    private final String path;
    private final String query;
    private final HttpHeaders headers;
    private final RemoteClient peer;
    private final EventLoop eventLoop;

    private State state = State.OPEN;
    private long unsentBytes;
    private volatile boolean writable = true;
    private Runnable writableAction = () -> {};
    private Runnable abortedAction = () -> {};
    private Runnable finishedAction = () -> {};
    private HttpHeaders added = EmptyHttpHeaders.INSTANCE;

    private enum State {
        OPEN,
        BEGUN,
        FINISHED
    }

    AbstractExchange(String method, String target, HttpHeaders headers, RemoteClient peer, EventLoop eventLoop) {
        int begin = Math.max(0, Http1Rules.pathStart(target));
        int question = target.indexOf('?', begin);
        this.method = method;
        this.path = target.substring(begin, question < 0 ? target.length() : question);
        this.query = question < 0 ? "" : target.substring(question + 1);
        this.headers = headers;
        this.peer = peer;
        this.eventLoop = eventLoop;
    }

    /** Sends header and content as one complete answer; the future tells when it left. */
    abstract ChannelFuture sendAll(int status, HttpHeaders headers, ByteBuf content);

    /** Sends the header of an answer whose length is not known. */
    abstract void sendHead(int status, HttpHeaders headers);

    /** Sends content; the future tells when it left. */
    abstract ChannelFuture sendContent(ByteBuf content);

    /** Ends a streamed answer; the future tells when all of it left. */
    abstract ChannelFuture sendEnd();

    /** Breaks off. */
    abstract void sendReset();

    @Override
    public final void respond(int status, HttpHeaders headers, ByteBuf content) {
        if (state != State.OPEN) {
            content.release();
            return;
        }
        state = State.FINISHED;
        sendAll(status, headers.add(added), content).addListener(sent -> finishedAction.run());
    }

    @Override
    public final void addToAnswer(HttpHeaders more) {
        added = more;
    }

    @Override
    public final void begin(int status, HttpHeaders headers) {
        if (state == State.OPEN) {
            state = State.BEGUN;
            sendHead(status, headers.add(added));
        }
    }

    @Override
    public final void write(ByteBuf content) {
        if (state != State.BEGUN) {
            content.release();
            return;
        }
        int bytes = content.readableBytes();
        unsentBytes += bytes;
        if (unsentBytes > HIGH_WATER_BYTES) {
            writable = false;
        }
        sendContent(content).addListener(done -> sent(bytes));
    }

    private void sent(int bytes) {
        unsentBytes -= bytes;
        if (!writable && unsentBytes <= LOW_WATER_BYTES) {
            writable = true;
            if (state != State.FINISHED) {
                writableAction.run();
            }
        }
    }

    @Override
    public final void end() {
        if (state == State.BEGUN) {
            state = State.FINISHED;
            sendEnd().addListener(sent -> finishedAction.run());
        }
    }

    @Override
    public final void abort() {
        if (state != State.FINISHED) {
            state = State.FINISHED;
            sendReset();
            finishedAction.run();
        }
    }

    /** The client is gone: nothing can be sent any more. */
    final void peerGone() {
        if (state != State.FINISHED) {
            state = State.FINISHED;
            abortedAction.run();
            finishedAction.run();
        }
    }

    /** The client does not go on with its request: it hears so, unless a part of an answer is out. */
    final void stall() {
        if (state == State.FINISHED) {
            return;
        }
        abortedAction.run();
        if (state == State.OPEN) {
            answerStalled();
        } else {
            abort();
        }
    }

    private void answerStalled() {
        int status = HttpResponseStatus.REQUEST_TIMEOUT.code();
        if (PlainProblem.isFor(path)) {
            PlainProblem.respond(
                    this, status, PlainProblem.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE));
        } else {
            HttpHeaders headers = new DefaultHttpHeaders()
                    .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            respond(
                    status,
                    headers,
                    Unpooled.copiedBuffer(HttpResponseStatus.REQUEST_TIMEOUT.toString(), StandardCharsets.US_ASCII));
        }
    }

    /** Whether nothing of an answer has been sent. */
    final boolean isOpen() {
        return state == State.OPEN;
    }

    final boolean isFinished() {
        return state == State.FINISHED;
    }

    /** Hands the exchange over. A handler that throws costs its own exchange, never the connection's others. */
    final void handOver(HttpHandler handler) {
        guarded(() -> handler.handle(this));
    }

    /** Hands a piece of the body to its receiver, if there is one. */
    final void deliver(@Nullable Body body, ByteBuf piece) {
        if (body != null && piece.isReadable()) {
            guarded(() -> body.data(piece));
        }
    }

    /** Tells the receiver, if there is one, that the body is complete. */
    final void deliverEnd(@Nullable Body body) {
        if (body != null && state != State.FINISHED) {
            guarded(body::end);
        }
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) { // a fault in one exchange must not end the connection's others
            Stages.report("an HTTP exchange", e);
            if (state == State.OPEN && PlainProblem.isFor(path)) {
                PlainProblem.respond(this, HttpResponseStatus.INTERNAL_SERVER_ERROR.code(), PlainProblem.headers());
            } else if (state == State.OPEN) {
                respond(500, new DefaultHttpHeaders(), Unpooled.EMPTY_BUFFER);
            } else {
                abort();
            }
        }
    }

    @Override
    public final boolean isWritable() {
        return writable;
    }

    @Override
    public final void onWritable(Runnable action) {
        writableAction = action;
    }

    @Override
    public final void onFinished(Runnable action) {
        finishedAction = action;
    }

    @Override
    public final void onAborted(Runnable action) {
        abortedAction = action;
    }

    @Override
    public final String method() {
        return method;
    }

    @Override
    public final String path() {
        return path;
    }

    @Override
    public final String query() {
        return query;
    }

    @Override
    public final HttpHeaders headers() {
        return headers;
    }

    @Override
    public final RemoteClient peer() {
        return peer;
    }

    @Override
    public final EventLoop eventLoop() {
        return eventLoop;
    }
}
