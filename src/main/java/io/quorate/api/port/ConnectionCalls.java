package io.quorate.api.port;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.StatusException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.quorate.api.port.PortMethods.PortMethod;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import lombok.extern.slf4j.Slf4j;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one HTTP/2 connection: services behind their interceptors, and between them and the frames as little as can be.
 *
 * <p>Answers may come from any thread. They gather until the event loop has done what is before them, and leave with one
 * flush.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed writes through the pipeline
@Slf4j
final class ConnectionCalls extends Http2ConnectionAdapter {

    private static final int CHUNK = 64;

    /** In so little time nothing can be done. */
    private static final long NO_TIME_NANOS = 1000;

    private final MultiplexedConnection connection;
    private final PortMethods methods;
    private final Attributes attributes;
    private final ClientMemory memory;
    private final AnswerPump pump;
    private final IntObjectMap<ServedStream> calls = new IntObjectHashMap<>();
    private final Queue<ServedStream> answered = new MpscUnboundedArrayQueue<>(CHUNK);
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private @Nullable ChannelHandlerContext ctx;

    /**
     * How a call came.
     *
     * @param authority the host that the client asked for, null if it does not say
     * @param packed whether its messages may be packed by gzip, and those of the answer then are
     */
    record Origin(int streamId, @Nullable CharSequence authority, boolean packed) {}

    /**
     * @param attributes what services may ask of the connection
     * @param memory accounts for what calls hold
     */
    ConnectionCalls(MultiplexedConnection connection, PortMethods methods, Attributes attributes, ClientMemory memory) {
        this.connection = connection;
        this.methods = methods;
        this.attributes = attributes;
        this.memory = memory;
        this.pump = new AnswerPump(this, memory.buffers());
        connection.pace().lookAfter(calls::values);
    }

    /** A part of a request has come, or the header before it. */
    void requestBegun() {
        connection.pace().begun();
    }

    /** Bytes of requests and bodies that came on the connection. */
    long sentBytes() {
        return connection.pace().sentBytes();
    }

    /** Whether the client has to wait for the member before it can send more on a stream. */
    boolean holdsUp(int streamId) {
        return connection.holdsUp(streamId);
    }

    /** The call of a stream, null if it has none. */
    @Nullable
    ServedStream of(int streamId) {
        return calls.get(streamId);
    }

    /** Begins a call; says why not if its header speaks against it. */
    RequestFields.@Nullable Refusal begin(ChannelHandlerContext context, int streamId, Http2Headers headers) {
        try {
            Metadata metadata = RequestMetadata.of(headers);
            RequestFields.Refusal refusal = methods.fields().refusal(headers);
            if (refusal == null) {
                watch(context);
                begin(streamId, headers, metadata);
            }
            return refusal;
        } catch (StatusException malformed) {
            return RequestFields.Refusal.malformed(malformed.getStatus());
        }
    }

    private void watch(ChannelHandlerContext context) {
        if (ctx == null) {
            ctx = context;
            connection.connection().addListener(this);
        }
    }

    private void begin(int streamId, Http2Headers headers, Metadata metadata) {
        PortMethod method = methods.of(headers.path());
        CallTracer tracer =
                methods.tracers().newServerStreamTracer(method.descriptor().getFullMethodName(), metadata);
        tracer.connected(attributes);
        Origin origin = new Origin(streamId, headers.authority(), RequestFields.isPacked(headers));
        long timeoutNanos = GrpcTimeout.nanos(headers.get(RequestFields.TIMEOUT));
        if (method.endsByItself()) {
            UnaryCall call = new UnaryCall(this, origin, method, tracer);
            begin(streamId, call, () -> call.begin(metadata), timeoutNanos);
        } else {
            StreamingCall call = new StreamingCall(this, origin, method, tracer);
            begin(streamId, call, () -> call.begin(metadata), timeoutNanos);
        }
    }

    private void begin(int streamId, ServedStream call, Runnable beginning, long timeoutNanos) {
        calls.put(streamId, call);
        if (timeoutNanos > 0) {
            call.limit(loop().schedule(call::timedOut, timeoutNanos, TimeUnit.NANOSECONDS));
        }
        beginning.run();
        if (timeoutNanos > 0 && timeoutNanos <= NO_TIME_NANOS) {
            call.timedOut();
        }
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        ServedStream call = calls.remove(stream.id());
        if (call != null) {
            call.streamClosed();
        }
    }

    /** The call has something to send. Any thread. */
    void answered(ServedStream call) {
        answered.add(call);
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            loop().execute(this::send);
        }
    }

    private void send() {
        scheduled.set(false);
        for (ServedStream call = answered.poll(); call != null; call = answered.poll()) {
            send(call);
        }
        flush();
    }

    private void send(ServedStream call) {
        try {
            call.send();
        } catch (RuntimeException | Error e) { // the answers after it must not suffer
            call.breakOff(e);
        }
    }

    /** A call has more to send than the client takes at once. */
    void pump(UnaryCall call) {
        pump.add(call);
        pump.run();
    }

    /** The client's windows were changed: that of a stream, or of all (0). The window of the connection is none of them. */
    void windowOpened(int streamId) {
        if (calls.isEmpty()) {
            return;
        }
        if (streamId == 0) {
            calls.values().forEach(ServedStream::windowOpened);
            flush();
        } else if (calls.get(streamId) instanceof ServedStream call) {
            call.windowOpened();
            flush();
        }
    }

    /** How many bytes the client takes on a stream. */
    int window(int streamId) {
        Http2Stream stream = connection.connection().stream(streamId);
        return stream == null ? 0 : connection.encoder().flowController().windowSize(stream);
    }

    /** Whether so many bytes would leave at once, with none waiting before them. */
    boolean takesAtOnce(int streamId, int bytes) {
        Http2Stream whole = connection.connection().connectionStream();
        return context().channel().isWritable()
                && window(streamId) >= bytes
                && connection.encoder().flowController().windowSize(whole) >= bytes;
    }

    /** Changes how much a client may send on a stream. */
    void moveWindow(int streamId, int bytes) {
        Http2Stream stream = connection.connection().stream(streamId);
        if (stream != null) {
            try {
                connection.decoder().flowController().incrementWindowSize(stream, bytes);
            } catch (Http2Exception e) {
                log.debug("Window of stream {} cannot be moved", streamId, e);
                reset(streamId, Http2Error.INTERNAL_ERROR.code());
            }
        }
    }

    /** The client may send as many bytes as came before. */
    void consumed(int streamId, int bytes) {
        Http2Stream stream = connection.connection().stream(streamId);
        if (stream != null) {
            try {
                connection.decoder().flowController().consumeBytes(stream, bytes);
                flush();
            } catch (Http2Exception e) {
                log.debug("Window of stream {} cannot be opened", streamId, e);
                reset(streamId, Http2Error.INTERNAL_ERROR.code());
            }
        }
    }

    boolean isInLoop() {
        return loop().inEventLoop();
    }

    MemoryBudget memory() {
        return memory.messages();
    }

    MemoryBudget buffers() {
        return memory.buffers();
    }

    /** Runs something on the event loop, later. Any thread. */
    void later(Runnable action) {
        loop().execute(action);
    }

    Future<?> later(Runnable action, Duration delay) {
        return loop().schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Sends what was written. */
    void flush() {
        connection.flush(context());
    }

    void writeHeaders(int streamId, Http2Headers headers, boolean endOfStream) {
        connection
                .encoder()
                .writeHeaders(
                        context(), streamId, headers, 0, endOfStream, context().newPromise());
    }

    ChannelFuture writeData(int streamId, ByteBuf data) {
        return connection
                .encoder()
                .writeData(context(), streamId, data, 0, false, context().newPromise());
    }

    void reset(int streamId, long errorCode) {
        connection.resetStream(context(), streamId, errorCode, context().newPromise());
    }

    ByteBuf allocate(int bytes) {
        return context().alloc().buffer(bytes, bytes);
    }

    /** A buffer that may grow. */
    ByteBuf allocateAbout(int bytes) {
        return context().alloc().buffer(bytes);
    }

    int maxReceiveBytes() {
        return methods.maxReceiveBytes();
    }

    private EventLoop loop() {
        return context().channel().eventLoop();
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext known = ctx;
        if (known == null) {
            throw new IllegalStateException("no call has begun");
        }
        return known;
    }

    SecurityLevel security() {
        return attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION) == null
                ? SecurityLevel.NONE
                : SecurityLevel.PRIVACY_AND_INTEGRITY;
    }

    Attributes attributes() {
        return attributes;
    }
}
