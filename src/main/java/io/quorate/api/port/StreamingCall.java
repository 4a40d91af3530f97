package io.quorate.api.port;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.quorate.api.port.PortMethods.PortMethod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One streaming call of {@link ConnectionCalls}, or a unary one that may wait forever. Messages that a service sends gather until the event loop
 * has done what is before them, and leave in one buffer: a hundred watchers of a key cost one frame.
 *
 * <p>Input, {@link #send} and {@link #streamClosed} belong to the event loop; the service may answer from any thread, one at a time.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed writes through the pipeline
final class StreamingCall extends ServedCall implements ServiceSide.Call {

    /** A service that looks sends no more while so many bytes have not left. */
    private static final int READY_BYTES = 32 * 1024;

    /** Messages share a buffer up to this size. */
    private static final int SHARED_BYTES = 64 * 1024;

    /** What the service closes its call with; follows its last message. */
    private record End(Status status, Metadata trailers) {}

    private final ServiceSide<Message> service;
    private final StreamRequests requests;

    /** Head, messages and end, as they follow each other. */
    private final Queue<Object> outgoing = new ConcurrentLinkedQueue<>();

    private final AtomicLong unsentBytes = new AtomicLong();
    private final AtomicBoolean queued = new AtomicBoolean();
    private volatile int readyBytes = READY_BYTES;
    private volatile boolean ended;
    private volatile boolean over;
    private volatile boolean cancelled;

    private boolean headSent;
    private boolean requestComplete;
    private @Nullable End end;
    private int withheldBytes;

    StreamingCall(ConnectionCalls calls, ConnectionCalls.Origin origin, PortMethod method, CallTracer tracer) {
        super(calls, origin, method, tracer);
        this.service = new ServiceSide<>(method.descriptor().getFullMethodName(), this, tracer, Context.ROOT);
        this.requests = new StreamRequests(this, calls.memory(), method.parser(), calls.maxReceiveBytes());
    }

    void begin(Metadata metadata) {
        if (method.descriptor().getType().clientSendsOneMessage()) {
            calls.requestBegun();
        }
        service.start(() -> method.handler().startCall(this, metadata));
    }

    // ---- what the client sends

    /** While a request waits for the service, the client's window stays shut. */
    @Override
    public int data(ByteBuf data) {
        int bytes = data.readableBytes();
        requests.data(data);
        if (requests.isPartial()) {
            calls.requestBegun();
        }
        if (isOver() || !service.hasWaiting()) {
            return bytes;
        }
        withheldBytes += bytes;
        return 0;
    }

    /** A whole request came. */
    void request(Message message, int length) {
        traceReceived(message, length);
        service.add(message);
        if (!service.hasWaiting()) {
            requests.taken();
        }
    }

    /** A stream may be silent between its messages, but not within one. */
    @Override
    public @Nullable Object unfinished() {
        if (requestComplete || isOver()) {
            return null;
        }
        boolean one = method.descriptor().getType().clientSendsOneMessage();
        return one ? this : requests.unfinished();
    }

    @Override
    public void stalled() {
        refuse(InputPace.TOO_SLOW);
    }

    @Override
    public void endOfRequest() {
        requestComplete = true;
        if (isOver()) {
            return;
        }
        if (requests.isPartial()) {
            refuse(Status.INTERNAL.withDescription("unexpected EOF"));
        } else {
            service.endRequests();
        }
    }

    @Override
    public void request(int count) {
        if (calls.isInLoop()) {
            want(count);
        } else {
            calls.later(() -> want(count));
        }
    }

    private void want(int count) {
        service.want(count);
        if (service.hasWaiting()) {
            return;
        }
        requests.taken();
        if (withheldBytes > 0 && !over) {
            int bytes = withheldBytes;
            withheldBytes = 0;
            calls.consumed(streamId, bytes);
        }
    }

    // ---- what the service sends

    @Override
    public void sendHeaders(Metadata headers) {
        queue(headers);
    }

    @Override
    public void sendMessage(Message message) {
        if (!isOver()) {
            unsentBytes.addAndGet(PREFIX_BYTES + message.getSerializedSize());
            queue(message);
        }
    }

    @Override
    public void close(Status status, Metadata trailers) {
        if (!isOver()) {
            ended = true;
            queue(new End(status, trailers));
        }
    }

    private void queue(Object next) {
        outgoing.add(next);
        sendSoon();
    }

    private void sendSoon() {
        if (queued.compareAndSet(false, true)) {
            calls.answered(this);
        }
    }

    @Override
    public boolean isReady() {
        return !isOver() && unsentBytes.get() < readyBytes;
    }

    @Override
    public void setOnReadyThreshold(int bytes) {
        readyBytes = bytes;
    }

    @Override
    public void send() {
        queued.set(false);
        List<Message> batch = new ArrayList<>();
        int bytes = 0;
        for (Object next = outgoing.poll(); next != null && !over; next = outgoing.poll()) {
            switch (next) {
                case Metadata head -> {
                    calls.writeHeaders(streamId, AnswerHeaders.head(head, packed), false);
                    headSent = true;
                }
                case Message message -> {
                    int size = PREFIX_BYTES + message.getSerializedSize();
                    if (bytes > 0 && bytes + size > SHARED_BYTES) {
                        write(batch, bytes);
                        batch.clear();
                        bytes = 0;
                    }
                    batch.add(message);
                    bytes += size;
                }
                case End last -> end = last;
                default -> throw new IllegalStateException("nothing that can be sent: " + next);
            }
        }
        if (bytes > 0) {
            write(batch, bytes);
        }
        finishIfSent();
    }

    private void write(List<Message> batch, int bytes) {
        ByteBuf framed = packed
                ? FramedMessage.filled(calls.allocateAbout(bytes), target -> pack(batch, target))
                : FramedMessage.filled(calls.allocate(bytes), target -> frame(batch, target, bytes));
        calls.writeData(streamId, framed).addListener(done -> left(bytes));
    }

    private void pack(List<Message> batch, ByteBuf framed) throws IOException {
        for (Message message : batch) {
            int size = message.getSerializedSize();
            if (PackedMessage.suits(size)) {
                PackedMessage.write(message, framed);
                traceSent(size);
            } else {
                frame(List.of(message), framed.ensureWritable(PREFIX_BYTES + size), PREFIX_BYTES + size);
            }
        }
    }

    private void frame(List<Message> batch, ByteBuf framed, int bytes) throws IOException {
        CodedOutputStream out = CodedOutputStream.newInstance(framed.nioBuffer(framed.writerIndex(), bytes));
        for (Message message : batch) {
            int size = message.getSerializedSize();
            FramedMessage.write(message, size, out);
            traceSent(size);
        }
        out.flush();
        framed.writerIndex(framed.writerIndex() + bytes);
    }

    private void left(int bytes) {
        long unsent = unsentBytes.addAndGet(-bytes);
        if (unsent < readyBytes && unsent + bytes >= readyBytes) {
            service.ready();
        }
        if (unsent == 0 && end != null) {
            sendSoon();
        }
    }

    /** Ends the call when its last message has left: a stream that is reset loses what waits for the client's window. */
    private void finishIfSent() {
        End last = end;
        if (last == null || over || unsentBytes.get() > 0) {
            return;
        }
        calls.writeHeaders(streamId, trailers(last.status(), last.trailers()), true);
        over = true;
        letGo();
        resetRest();
        tracer.streamClosed(last.status());
        service.complete();
    }

    private Http2Headers trailers(Status status, Metadata trailers) {
        return headSent ? AnswerHeaders.trailers(status, trailers) : AnswerHeaders.trailersOnly(status, trailers);
    }

    // ---- what ends it otherwise

    /** The client made a mistake. */
    void refuse(Status status) {
        abort(status, Http2Error.CANCEL);
    }

    @Override
    public void serviceFailed() {
        if (!over) {
            abort(Status.UNKNOWN.withDescription("Application error processing RPC"), Http2Error.INTERNAL_ERROR);
        }
    }

    @Override
    public void timedOut() {
        if (!isOver()) {
            abort(DEADLINE, Http2Error.CANCEL);
        }
    }

    @Override
    public void breakOff(Throwable failure) {
        Status status = broken(failure);
        resetAs(status, errorOf(status));
    }

    /** Says why, unless something waits that the client does not take. */
    private void abort(Status status, Http2Error otherwise) {
        if (over) {
            return;
        }
        send();
        calls.flush();
        if (unsentBytes.get() > 0) {
            resetAs(status, otherwise);
        } else if (!over) {
            calls.writeHeaders(streamId, trailers(status, new Metadata()), true);
            cancel(status);
            resetRest();
            calls.flush();
        }
    }

    void resetAs(Status status, Http2Error error) {
        if (!over) {
            cancel(status);
            calls.reset(streamId, error.code());
            calls.flush();
        }
    }

    @Override
    public void streamClosed() {
        cancel(Status.CANCELLED);
    }

    private void cancel(Status status) {
        if (over) {
            return;
        }
        over = true;
        cancelled = true;
        letGo();
        tracer.streamClosed(status);
        service.cancel();
    }

    private void letGo() {
        outgoing.clear();
        requests.release();
        unlimit();
    }

    /** The client need not send the rest of its requests. */
    private void resetRest() {
        if (!requestComplete) {
            calls.reset(streamId, Http2Error.NO_ERROR.code());
        }
    }

    @Override
    public boolean isOver() {
        return ended || over;
    }

    @Override
    public void windowOpened() {
        // Netty sends what waits for it
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }
}
