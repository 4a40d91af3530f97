package io.quorate.api.port;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.ServerCall;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.quorate.api.port.DirectMethods.DirectMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Future;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * One unary call of {@link DirectCalls}: requests come in as DATA frames with the length-prefixed messages of gRPC, the answer
 * leaves as HEADERS, DATA and HEADERS, or as one HEADERS frame with an error.
 *
 * <p>Input, {@link #send} and {@link #streamClosed} belong to the event loop; the service may answer from any thread.
 */
@Slf4j
final class DirectCall extends ServerCall<Message, Message> {

    private static final int PREFIX_BYTES = 5;
    private static final int COMPRESSED = 1;

    private final DirectCalls calls;
    private final int streamId;
    private final DirectMethod method;
    private final ServerStreamTracer tracer;
    private final @Nullable CharSequence authority;

    private Listener<Message> listener = new Listener<>() {};
    private @Nullable Future<?> timeout;
    private @Nullable ByteBuf partial;
    private int messages;
    private boolean requestComplete;
    private boolean over;

    private @Nullable Metadata head;
    private @Nullable ByteBuf answer;
    private volatile @Nullable Status end;
    private Metadata trailers = new Metadata();
    private volatile boolean cancelled;

    DirectCall(
            DirectCalls calls,
            int streamId,
            DirectMethod method,
            ServerStreamTracer tracer,
            @Nullable CharSequence authority) {
        this.calls = calls;
        this.streamId = streamId;
        this.method = method;
        this.tracer = tracer;
        this.authority = authority;
    }

    /** Whoever waits any longer does so in vain: the task that calls {@link #timedOut} then. */
    void limit(Future<?> task) {
        timeout = task;
    }

    void begin(Metadata metadata) {
        tell(() -> listener = method.handler().startCall(this, metadata));
    }

    /** Takes in what came; the bytes stay the caller's. */
    void data(ByteBuf data) {
        if (over || end != null) { // the client need not have heard of it yet
            return;
        }
        ByteBuf known = partial;
        if (known == null) {
            messages(data);
            if (end == null && data.isReadable()) {
                partial = begun(data);
            }
        } else {
            ByteBuf gathered = gather(known, data);
            messages(gathered);
            if (!gathered.isReadable()) {
                releasePartial();
            }
        }
    }

    private void messages(ByteBuf input) {
        while (end == null && input.readableBytes() >= PREFIX_BYTES) {
            int length = input.getInt(input.readerIndex() + 1);
            if (!admits(input.getByte(input.readerIndex()), length) || input.readableBytes() - PREFIX_BYTES < length) {
                return;
            }
            input.skipBytes(PREFIX_BYTES);
            message(input, length);
        }
    }

    private boolean admits(byte flags, int length) {
        if ((flags & ~COMPRESSED) != 0) {
            refuse(Status.INTERNAL.withDescription("gRPC frame header malformed: reserved bits not zero"));
        } else if (flags == COMPRESSED) {
            refuse(Status.INTERNAL.withDescription(
                    "Can't decode compressed gRPC message as compression not configured"));
        } else if (length < 0 || length > calls.maxReceiveBytes()) {
            refuse(Status.RESOURCE_EXHAUSTED.withDescription("gRPC message exceeds maximum size "
                    + calls.maxReceiveBytes() + ": " + Integer.toUnsignedString(length)));
        } else {
            return true;
        }
        return false;
    }

    private void message(ByteBuf input, int length) {
        tracer.inboundMessage(messages);
        tracer.inboundWireSize(PREFIX_BYTES + length);
        tracer.inboundUncompressedSize(length);
        tracer.inboundMessageRead(messages, PREFIX_BYTES + length, length);
        messages++;
        Message request;
        try {
            request = method.parser().parseFrom(input.nioBuffer(input.readerIndex(), length));
        } catch (InvalidProtocolBufferException malformed) {
            refuse(Status.INTERNAL.withDescription("Invalid protobuf byte sequence"));
            return;
        }
        input.skipBytes(length);
        tell(() -> listener.onMessage(request));
    }

    /** A copy of the beginning of a message, with room for all of it if its length is known. */
    private ByteBuf begun(ByteBuf data) {
        int known = data.readableBytes();
        int whole = known < PREFIX_BYTES ? PREFIX_BYTES : PREFIX_BYTES + data.getInt(data.readerIndex() + 1);
        return calls.allocate(Math.max(known, whole)).writeBytes(data);
    }

    private ByteBuf gather(ByteBuf known, ByteBuf data) {
        if (known.writableBytes() >= data.readableBytes()) {
            return known.writeBytes(data);
        }
        ByteBuf larger = calls.allocate(known.readableBytes() + data.readableBytes());
        larger.writeBytes(known).writeBytes(data);
        known.release();
        partial = larger;
        return larger;
    }

    void endOfRequest() {
        requestComplete = true;
        if (over || end != null) {
            return;
        }
        if (partial != null) {
            refuse(Status.INTERNAL.withDescription("Encountered end-of-stream mid-frame"));
        } else {
            tell(() -> listener.onHalfClose());
        }
    }

    /** A request that no service gets to see. */
    private void refuse(Status status) {
        close(status, new Metadata());
    }

    private void tell(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException | Error failure) { // the client gets an answer, as it would from gRPC's server
            log.error("{} failed", method.descriptor().getFullMethodName(), failure);
            if (end == null) {
                close(Status.UNKNOWN.withDescription("Application error processing RPC"), new Metadata());
            }
        }
    }

    @Override
    public void request(int count) {
        // messages are handed over as they come: there is one
    }

    @Override
    public void sendHeaders(Metadata headers) {
        head = headers;
    }

    @Override
    public void sendMessage(Message message) {
        if (end != null || cancelled) { // refused meanwhile, or nobody waits any more
            return;
        }
        if (answer != null) {
            throw new IllegalStateException("a unary call has one answer");
        }
        int size = message.getSerializedSize();
        ByteBuf framed = calls.allocate(PREFIX_BYTES + size);
        framed.writeByte(0).writeInt(size);
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(framed.nioBuffer(PREFIX_BYTES, size));
            message.writeTo(out);
            out.flush();
        } catch (IOException impossible) {
            framed.release();
            throw new UncheckedIOException(impossible);
        }
        framed.writerIndex(PREFIX_BYTES + size);
        answer = framed;
    }

    @Override
    public void close(Status status, Metadata metadata) {
        if (end == null) {
            trailers = metadata;
            end = status;
            calls.answered(this);
        }
    }

    int streamId() {
        return streamId;
    }

    /** Writes the answer. */
    void send() {
        ByteBuf message = answer;
        answer = null;
        if (over) { // the stream went away meanwhile
            release(message);
            return;
        }
        over = true;
        Status status = end == null ? Status.UNKNOWN : end;
        if (status.isOk() && message == null) {
            status = Status.INTERNAL.withDescription("Completed without a response");
        }
        if (status.isOk() && message != null) {
            tracer.outboundMessage(0);
            tracer.outboundMessageSent(0, message.readableBytes(), message.readableBytes() - PREFIX_BYTES);
            tracer.outboundWireSize(message.readableBytes());
            tracer.outboundUncompressedSize(message.readableBytes() - PREFIX_BYTES);
            calls.writeHeaders(streamId, DirectHeaders.head(head), false);
            calls.writeData(streamId, message);
            calls.writeHeaders(streamId, DirectHeaders.trailers(status, trailers), true);
        } else {
            release(message);
            calls.writeHeaders(streamId, DirectHeaders.trailersOnly(status, trailers), true);
        }
        letGo();
        if (!requestComplete) { // the rest of the request is of no use
            calls.reset(streamId, Http2Error.NO_ERROR.code());
        }
        tracer.streamClosed(status);
        tell(() -> listener.onComplete());
    }

    /** The stream is gone; if there was no answer yet, nobody waits for one any more. */
    void streamClosed() {
        cancel(Status.CANCELLED);
    }

    /** The client has given up at about this time; if not, it learns so. */
    void timedOut() {
        if (!over) {
            cancel(Status.DEADLINE_EXCEEDED);
            calls.reset(streamId, Http2Error.CANCEL.code());
            calls.flush();
        }
    }

    private void cancel(Status status) {
        if (over) {
            return;
        }
        over = true;
        cancelled = true;
        letGo();
        tracer.streamClosed(status);
        tell(() -> listener.onCancel());
    }

    private void letGo() {
        releasePartial();
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }

    private void releasePartial() {
        release(partial);
        partial = null;
    }

    private static void release(@Nullable ByteBuf buffer) {
        if (buffer != null) {
            buffer.release();
        }
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public MethodDescriptor<Message, Message> getMethodDescriptor() {
        return method.descriptor();
    }

    @Override
    public SecurityLevel getSecurityLevel() {
        return calls.security();
    }

    @Override
    public Attributes getAttributes() {
        return calls.attributes();
    }

    @Override
    public @Nullable String getAuthority() {
        return authority == null ? null : authority.toString();
    }
}
