package io.quorate.api.port;

import com.google.protobuf.Message;
import io.grpc.Attributes;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.netty.handler.codec.http2.Http2Error;
import io.quorate.api.port.PortMethods.PortMethod;
import io.quorate.base.Stages;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What calls of {@link ConnectionCalls} have in common: their stream, the tracer of their messages, their time-out. */
abstract class ServedCall extends ServerCall<Message, Message> implements ServedStream {

    static final Status UNREADABLE = Status.INTERNAL.withDescription(
            "grpc: error unmarshalling request: proto: cannot parse invalid wire-format data");

    static final Status DEADLINE = Status.DEADLINE_EXCEEDED.withDescription("context deadline exceeded");

    /** What clients hear when there is no memory for their call; etcd says so when it is too busy. */
    static final Status EXHAUSTED = Status.RESOURCE_EXHAUSTED.withDescription("etcdserver: too many requests");

    static final int PREFIX_BYTES = PartialMessage.PREFIX_BYTES;

    final ConnectionCalls calls;
    final int streamId;
    final PortMethod method;
    final CallTracer tracer;

    /** Whether messages may be packed. */
    final boolean packed;

    private final @Nullable CharSequence authority;
    private @Nullable Future<?> timeout;
    private int received;
    private int sent;

    ServedCall(ConnectionCalls calls, ConnectionCalls.Origin origin, PortMethod method, CallTracer tracer) {
        this.calls = calls;
        this.streamId = origin.streamId();
        this.packed = origin.packed();
        this.authority = origin.authority();
        this.method = method;
        this.tracer = tracer;
    }

    @Override
    public final boolean isHeldUp() {
        return calls.holdsUp(streamId);
    }

    @Override
    public final long sentBytes() {
        return calls.sentBytes();
    }

    @Override
    public final void limit(Future<?> task) {
        timeout = task;
    }

    /** The call is over: its time does not matter any more. */
    final void unlimit() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }

    /** Tells of a message of the client. */
    final void traceReceived(Message message, int length) {
        tracer.inboundMessage(received);
        tracer.inboundWireSize(PREFIX_BYTES + length);
        tracer.inboundUncompressedSize(length);
        tracer.inboundMessageRead(received, PREFIX_BYTES + length, length);
        received++;
        tracer.request(message);
    }

    /** Tells of a message to the client. */
    final void traceSent(int length) {
        tracer.outboundMessage(sent);
        tracer.outboundMessageSent(sent, PREFIX_BYTES + length, length);
        tracer.outboundWireSize(PREFIX_BYTES + length);
        tracer.outboundUncompressedSize(length);
        sent++;
    }

    /** How many messages of the client came. */
    final int received() {
        return received;
    }

    /** Notes why an answer cannot be written, and says what the client hears. */
    final Status broken(Throwable failure) {
        Stages.report("answering " + method.descriptor().getFullMethodName(), failure);
        return failure instanceof OutOfMemoryError ? EXHAUSTED : Status.INTERNAL.withDescription("internal error");
    }

    /** How a stream is reset over that. */
    static Http2Error errorOf(Status broken) {
        return broken.getCode() == EXHAUSTED.getCode() ? Http2Error.ENHANCE_YOUR_CALM : Http2Error.INTERNAL_ERROR;
    }

    @Override
    public final MethodDescriptor<Message, Message> getMethodDescriptor() {
        return method.descriptor();
    }

    @Override
    public final SecurityLevel getSecurityLevel() {
        return calls.security();
    }

    @Override
    public final Attributes getAttributes() {
        return calls.attributes();
    }

    @Override
    public final @Nullable String getAuthority() {
        return authority == null ? null : authority.toString();
    }
}
