package io.quorate.api.web;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.quorate.api.port.CallTracer;
import io.quorate.api.port.ServiceSide;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.TxnResponse;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One call of a service by a controller: the server's side of a gRPC call without a transport.
 *
 * <p>Everything the service hears of happens on one event loop, so its callbacks never overlap. What it answers goes to the {@link
 * Receiver} on the thread that answers.
 */
final class InnerCall<Q, A> extends ServerCall<Q, A> implements ServiceSide.Call {

    private final MethodDescriptor<Q, A> method;
    private final ServerCallHandler<Q, A> handler;
    private final Metadata metadata;
    private final SocketAddress client;
    private final ScheduledExecutorService loop;
    private final CallTracer tracer;
    private final Receiver<A> receiver;
    private final Context.CancellableContext context;
    private final ServiceSide<Q> service;

    private volatile boolean over;
    private volatile boolean cancelled;

    /** Hears the answers of a call; must not block. */
    interface Receiver<A> {

        /** An answer. Any thread, one after the other. */
        void answer(A answer);

        /** The call is over, and this was not heard before. Any thread. */
        void end(Status status);

        /** Whether the next answer should come; once it is again, {@link InnerCall#ready} says so. Any thread. */
        default boolean isReady() {
            return true;
        }
    }

    /**
     * What a call is for and where it runs.
     *
     * @param timeoutNanos how long it may take, 0 for no limit
     */
    record Scene(
            Metadata metadata,
            SocketAddress client,
            long timeoutNanos,
            ScheduledExecutorService loop,
            CallTracer tracer) {}

    InnerCall(MethodDescriptor<Q, A> method, ServerCallHandler<Q, A> handler, Scene scene, Receiver<A> receiver) {
        this.method = method;
        this.handler = handler;
        this.metadata = scene.metadata();
        this.client = scene.client();
        this.loop = scene.loop();
        this.tracer = scene.tracer();
        this.receiver = receiver;
        this.context = scene.timeoutNanos() == 0
                ? Context.ROOT.withCancellation()
                : Context.ROOT.withDeadline(Deadline.after(scene.timeoutNanos(), TimeUnit.NANOSECONDS), loop);
        this.service = new ServiceSide<>(method.getFullMethodName(), this, tracer, context);
    }

    /** Begins the call. Any thread. */
    void start() {
        loop.execute(() -> {
            tracer.connected(getAttributes());
            if (context.getDeadline() != null) {
                context.addListener(done -> loop.execute(this::deadlinePassed), Runnable::run);
            }
            service.start(() -> handler.startCall(this, metadata));
        });
    }

    /** Sends a request. Any thread. */
    void send(Q request) {
        loop.execute(() -> {
            MessageLite message = (MessageLite) request;
            tracer.inboundMessage(0);
            tracer.inboundWireSize(message.getSerializedSize());
            tracer.request(message);
            service.add(request);
        });
    }

    /** No more requests follow. Any thread. */
    void endRequests() {
        loop.execute(service::endRequests);
    }

    /** The receiver is ready again. Any thread. */
    void ready() {
        loop.execute(service::ready);
    }

    /** The client does not wait any more. Any thread. */
    void cancel() {
        loop.execute(() -> cancel(Status.CANCELLED.withDescription("context canceled")));
    }

    private void deadlinePassed() {
        if (context.getDeadline() != null && context.getDeadline().isExpired()) {
            cancel(Status.DEADLINE_EXCEEDED.withDescription("context deadline exceeded"));
        }
    }

    private void cancel(Status reason) {
        if (!over) {
            finish(reason);
            cancelled = true;
            context.cancel(reason.asRuntimeException());
            service.cancel();
        }
    }

    private void finish(Status status) {
        over = true;
        tracer.streamClosed(status);
        receiver.end(status);
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void serviceFailed() {
        cancel(Status.UNKNOWN.withDescription("Application error processing RPC"));
    }

    @Override
    public void request(int count) {
        loop.execute(() -> service.want(count));
    }

    @Override
    public void sendHeaders(Metadata headers) {
        // nothing of them concerns a controller
    }

    @Override
    public void sendMessage(A message) {
        tracer.outboundMessage(0);
        tracer.outboundWireSize(((MessageLite) message).getSerializedSize());
        if (!over) {
            receiver.answer(asReceived(message));
        }
    }

    /** Ranges have their records as bytes that nobody has parsed: a controller reads an answer as a client does. */
    @SuppressWarnings("unchecked") // a message of the same class
    private A asReceived(A message) {
        try {
            return switch (message) {
                case RangeResponse range -> (A) RangeResponse.parseFrom(range.toByteString());
                case TxnResponse txn -> (A) TxnResponse.parseFrom(txn.toByteString());
                default -> message;
            };
        } catch (InvalidProtocolBufferException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    public void close(Status status, Metadata trailers) {
        loop.execute(() -> {
            if (!over) {
                finish(status);
                service.complete();
                context.cancel(null);
            }
        });
    }

    @Override
    public boolean isReady() {
        return !over && receiver.isReady();
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public MethodDescriptor<Q, A> getMethodDescriptor() {
        return method;
    }

    /** The client's address only: as behind the gateway, certificates say nothing here. */
    @Override
    public Attributes getAttributes() {
        return Attributes.newBuilder()
                .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, client)
                .build();
    }
}
