package io.quorate.api.port;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.ServerStreamTracer;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.quorate.api.port.DirectMethods.DirectMethod;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import lombok.extern.slf4j.Slf4j;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The unary calls of one HTTP/2 connection that are served without gRPC's server: it makes some thirty objects and several
 * hand-overs of each call, which for a put is more than all else that the client port does. Calls that say something unusual
 * (a compression, binary metadata) are left to it.
 *
 * <p>Answers may come from any thread. They gather until the event loop has done what is before them, and leave with one
 * flush.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed writes through the pipeline
@Slf4j
final class DirectCalls extends Http2ConnectionAdapter {

    private static final AsciiString TIMEOUT = AsciiString.of("grpc-timeout");
    private static final AsciiString ENCODING = AsciiString.of("grpc-encoding");
    private static final AsciiString BINARY = AsciiString.of("-bin");
    private static final int TIMEOUT_DIGITS_MAX = 8;
    private static final int CHUNK = 64;

    private final GrpcHttp2ConnectionHandler connection;
    private final DirectMethods methods;
    private final Peer peer;
    private final IntObjectMap<DirectCall> calls = new IntObjectHashMap<>();
    private final Queue<DirectCall> answered = new MpscUnboundedArrayQueue<>(CHUNK);
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable Attributes attributes;

    DirectCalls(GrpcHttp2ConnectionHandler connection, DirectMethods methods, Peer peer) {
        this.connection = connection;
        this.methods = methods;
        this.peer = peer;
    }

    /** The call of a stream, null if the stream is not one of these. */
    @Nullable
    DirectCall of(int streamId) {
        return calls.get(streamId);
    }

    /** Begins a call if it is one for here. */
    boolean begin(ChannelHandlerContext context, int streamId, Http2Headers headers) {
        DirectMethod method = methods.find(headers);
        if (method == null) {
            return false;
        }
        Metadata metadata = metadata(headers);
        long timeoutNanos = timeoutNanos(headers.get(TIMEOUT));
        if (metadata == null || timeoutNanos < 0) {
            return false;
        }
        if (ctx == null) {
            ctx = context;
            connection.connection().addListener(this);
        }
        ServerStreamTracer tracer =
                methods.tracers().newServerStreamTracer(method.descriptor().getFullMethodName(), metadata);
        DirectCall call = new DirectCall(this, streamId, method, tracer, headers.authority());
        calls.put(streamId, call);
        if (timeoutNanos > 0) {
            call.limit(loop().schedule(call::timedOut, timeoutNanos, TimeUnit.NANOSECONDS));
        }
        call.begin(metadata);
        return true;
    }

    /** At most eight digits and a unit; 0 if none is said, negative if it is something else or nothing. */
    private static long timeoutNanos(@Nullable CharSequence said) {
        if (said == null) {
            return 0;
        }
        int digits = said.length() - 1;
        if (digits < 1 || digits > TIMEOUT_DIGITS_MAX) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = said.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = 10 * value + digit;
        }
        TimeUnit unit = unit(said.charAt(digits));
        return value == 0 || unit == null ? -1 : unit.toNanos(value);
    }

    private static @Nullable TimeUnit unit(char letter) {
        return switch (letter) {
            case 'n' -> TimeUnit.NANOSECONDS;
            case 'u' -> TimeUnit.MICROSECONDS;
            case 'm' -> TimeUnit.MILLISECONDS;
            case 'S' -> TimeUnit.SECONDS;
            case 'M' -> TimeUnit.MINUTES;
            case 'H' -> TimeUnit.HOURS;
            default -> null;
        };
    }

    /** What the client said beside its request, null if some of it is for gRPC's server to understand. */
    private static @Nullable Metadata metadata(Http2Headers headers) {
        byte[][] namesAndValues = new byte[2 * headers.size()][];
        int used = 0;
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            AsciiString name = AsciiString.of(field.getKey());
            if (name.charAt(0) == ':') {
                continue;
            }
            if (name.equals(ENCODING) || name.endsWith(BINARY)) {
                return null;
            }
            namesAndValues[used++] = bytes(name);
            namesAndValues[used++] = bytes(AsciiString.of(field.getValue()));
        }
        return InternalMetadata.newMetadata(used / 2, namesAndValues);
    }

    private static byte[] bytes(AsciiString text) {
        return text.isEntireArrayUsed() ? text.array() : text.toByteArray();
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        DirectCall call = calls.remove(stream.id());
        if (call != null) {
            call.streamClosed();
        }
    }

    /** The call has its answer. Any thread. */
    void answered(DirectCall call) {
        answered.add(call);
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            loop().execute(this::send);
        }
    }

    private void send() {
        scheduled.set(false);
        for (DirectCall call = answered.poll(); call != null; call = answered.poll()) {
            send(call);
        }
        flush();
    }

    private void send(DirectCall call) {
        try {
            call.send();
        } catch (RuntimeException e) { // the answers after it must not suffer
            log.error("an answer could not be written", e);
            reset(call.streamId(), Http2Error.INTERNAL_ERROR.code());
        }
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

    void writeData(int streamId, ByteBuf data) {
        connection
                .encoder()
                .writeData(context(), streamId, data, 0, false, context().newPromise());
    }

    void reset(int streamId, long errorCode) {
        connection.resetStream(context(), streamId, errorCode, context().newPromise());
    }

    ByteBuf allocate(int bytes) {
        return context().alloc().buffer(bytes, bytes);
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
        return peer.tls() == null ? SecurityLevel.NONE : SecurityLevel.PRIVACY_AND_INTEGRITY;
    }

    /** What is known of the client, as gRPC's server would tell it. */
    Attributes attributes() {
        Attributes known = attributes;
        if (known == null) {
            Attributes.Builder builder = Attributes.newBuilder()
                    .set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, context().channel().localAddress())
                    .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, peer.remote());
            if (peer.tls() != null) {
                builder.set(Grpc.TRANSPORT_ATTR_SSL_SESSION, peer.tls());
            }
            known = builder.build();
            attributes = known;
        }
        return known;
    }
}
