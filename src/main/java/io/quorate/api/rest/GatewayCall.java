package io.quorate.api.rest;

import com.google.protobuf.Message;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.quorate.api.port.CallTracer;
import io.quorate.api.port.HttpExchange;
import io.quorate.api.port.ServiceSide;
import io.quorate.base.Stages;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call of a service by the gateway: the server's side of a gRPC call whose transport is an HTTP exchange with JSON.
 *
 * <p>Everything here happens on the exchange's event loop, so a service's callbacks never overlap, as with gRPC's own
 * calls. What a service does from another thread is brought there; {@link #isReady()} and {@link #isCancelled()} answer
 * at once.
 */
final class GatewayCall extends ServerCall<Message, Message> implements ServiceSide.Call {

    /** Requests read ahead of a slow service; then the client has to wait. */
    private static final int AHEAD_MAX = 16;

    /** An answer exists once more as it would go over gRPC, and in JSON, which may take twice as much. */
    private static final int PRINTED_FORMS = 3;

    private static final long ALWAYS_PRINTED_BYTES = 8 * 1024 * 1024;

    private final GatewayMethod method;
    private final HttpExchange exchange;
    private final EventLoop loop;
    private final Context.CancellableContext context;
    private final CallTracer tracer;
    private final BodyMemory room;

    private final ServiceSide<Message> service;

    private Metadata answerHeaders = new Metadata();
    private boolean begun;
    private @Nullable Message answer;
    private volatile boolean over;
    private volatile boolean cancelled;

    /**
     * @param timeoutNanos how long the call may take, 0 for no limit
     * @param tracer is told of what the transport of a gRPC call tells it of
     * @param room accounts for what the call holds
     */
    GatewayCall(GatewayMethod method, HttpExchange exchange, long timeoutNanos, CallTracer tracer, BodyMemory room) {
        this.room = room;
        this.tracer = tracer;
        this.method = method;
        this.exchange = exchange;
        this.loop = exchange.eventLoop();
        this.context = timeoutNanos == 0
                ? Context.ROOT.withCancellation()
                : Context.ROOT.withDeadline(Deadline.after(timeoutNanos, TimeUnit.NANOSECONDS), loop);
        this.service = new ServiceSide<>(method.descriptor().getFullMethodName(), this, tracer, context);
    }

    /** Begins the call. */
    void start(Metadata headers) {
        tracer.connected(getAttributes());
        exchange.onAborted(() -> cancel(Status.CANCELLED.withDescription("context canceled")));
        exchange.onWritable(service::ready);
        if (context.getDeadline() != null) {
            context.addListener(done -> onLoop(this::deadlinePassed), Runnable::run);
        }
        service.start(() -> method.handler().startCall(this, headers));
    }

    /** A request of the client. */
    void receive(Message request) {
        tracer.inboundMessage(0);
        tracer.inboundWireSize(request.getSerializedSize());
        tracer.request(request);
        service.add(request);
    }

    /** The client sends no more. */
    void endRequests() {
        service.endRequests();
    }

    /**
     * The request cannot be understood: the service is told of a cancelled call, the client of its mistake. Before the
     * first answer that is an answer of its own, also where a stream was to come.
     */
    void reject(Status mistake) {
        if (!over) {
            if (begun) {
                fail(mistake);
            } else {
                over = true;
                GatewayErrors.respond(exchange, mistake);
            }
            cancelService(mistake);
        }
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void serviceFailed() {
        if (!over) {
            Status status = Status.UNKNOWN.withDescription("Application error processing RPC");
            fail(status);
            cancelService(status);
        }
    }

    @Override
    public void added(int waiting) {
        if (waiting == AHEAD_MAX) {
            exchange.holdBody(true);
        }
    }

    @Override
    public void taking(int waiting) {
        if (waiting == AHEAD_MAX) {
            exchange.holdBody(false);
        }
    }

    private void deadlinePassed() {
        if (!over && context.getDeadline() != null && context.getDeadline().isExpired()) {
            Status status = Status.DEADLINE_EXCEEDED.withDescription("context deadline exceeded");
            fail(status);
            cancelService(status);
        }
    }

    private void cancel(Status reason) {
        if (!over) {
            end(reason);
            cancelService(reason);
        }
    }

    private void cancelService(Status reason) {
        cancelled = true;
        context.cancel(reason.asRuntimeException());
        service.cancel();
    }

    /** From here on nothing is said to the client. */
    private void end(Status status) {
        over = true;
        tracer.streamClosed(status);
    }

    private void onLoop(Runnable action) {
        if (loop.inEventLoop()) {
            guarded(action);
        } else {
            loop.execute(() -> guarded(action));
        }
    }

    /** What answering throws must not leave the client waiting. */
    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            Stages.report("answering " + method.descriptor().getFullMethodName(), e);
            if (!over) {
                Status status = Status.INTERNAL.withDescription("internal error");
                fail(status);
                cancelService(status);
            }
        }
    }

    @Override
    public void request(int count) {
        onLoop(() -> service.want(count));
    }

    @Override
    public void sendHeaders(Metadata headers) {
        answerHeaders = headers;
    }

    @Override
    public void sendMessage(Message message) {
        tracer.outboundMessage(0);
        tracer.outboundWireSize(message.getSerializedSize());
        if (method.isUnary()) {
            answer = message; // seen by the close that follows it
            long bytes = room.take(message.getSerializedSize());
            onLoop(() -> room.own(bytes));
        } else {
            onLoop(() -> sendChunk(message));
        }
    }

    private void sendChunk(Message message) {
        if (over) {
            return;
        }
        ByteSink json = print("{\"result\":", message, "}\n");
        if (json != null) {
            begin();
            exchange.write(GatewayErrors.wrap(json));
        }
    }

    /** The answer in JSON; absent when it has no JSON form that fits into memory, which ends the call. */
    private @Nullable ByteSink print(String before, Message message, String after) {
        try {
            ByteSink json = new ByteSink((int) Math.min(message.getSerializedSize() * 2L + 32, 1 << 30));
            json.putAscii(before);
            method.print(message, json);
            json.putAscii(after);
            return json;
        } catch (RuntimeException | Error e) { // too large for an array, or text that is none: the caller hears of it
            Stages.report("printing an answer of " + method.descriptor().getFullMethodName(), e);
            reject(Status.INTERNAL.withDescription("the answer has no JSON form"));
            return null;
        }
    }

    private void begin() {
        if (!begun) {
            begun = true;
            exchange.begin(200, GatewayHeaders.answer(answerHeaders));
        }
    }

    @Override
    public void close(Status status, Metadata trailers) {
        onLoop(() -> closeOnLoop(status));
    }

    private void closeOnLoop(Status status) {
        if (over) {
            return;
        }
        if (!status.isOk()) {
            fail(status);
        } else if (method.isUnary()) {
            succeed();
        } else {
            begin();
            end(status);
            exchange.end();
        }
        if (!cancelled) {
            service.complete();
            context.cancel(null);
        }
    }

    private void succeed() {
        Message message = answer;
        if (message == null) {
            fail(Status.INTERNAL.withDescription("Completed without a response"));
            return;
        }
        long bytes = (long) PRINTED_FORMS * message.getSerializedSize();
        if (bytes <= ALWAYS_PRINTED_BYTES) { // it may tell of a change that was made
            room.hold(bytes);
        } else if (!room.tryHold(bytes)) {
            fail(BodyMemory.EXHAUSTED);
            return;
        }
        ByteSink json = print("", message, "");
        if (json != null) {
            end(Status.OK);
            long bytesOfText = json.size();
            exchange.respond(200, GatewayHeaders.answer(answerHeaders), GatewayErrors.wrap(json));
            room.leaving(bytesOfText);
        }
    }

    /** Before the first answer of a stream the error decides the HTTP status, after it only a chunk can tell. */
    private void fail(Status status) {
        end(status);
        if (method.isUnary()) {
            GatewayErrors.respond(exchange, status);
            return;
        }
        if (!begun) {
            begun = true;
            // no metadata was sent before the error, so none is forwarded
            exchange.begin(GatewayErrors.httpStatus(status.getCode()), GatewayHeaders.json());
        }
        exchange.write(GatewayErrors.chunk(status));
        exchange.end();
    }

    @Override
    public boolean isReady() {
        return !over && exchange.isWritable();
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public MethodDescriptor<Message, Message> getMethodDescriptor() {
        return method.descriptor();
    }

    /** The caller's address only: a TLS identity shown to the gateway is not one shown to a service. */
    @Override
    public Attributes getAttributes() {
        return Attributes.newBuilder()
                .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, exchange.peer().remote())
                .build();
    }

    @Override
    public @Nullable String getAuthority() {
        return exchange.headers().get(HttpHeaderNames.HOST);
    }
}
