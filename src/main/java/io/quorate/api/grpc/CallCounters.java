package io.quorate.api.grpc;

import com.google.protobuf.MessageLite;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.quorate.api.port.CallTracer;
import io.quorate.api.port.CallTracer.CallTracers;
import io.quorate.apply.RequestText;
import io.quorate.base.CallTrace;
import io.quorate.base.MonotonicClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts calls, their messages and bytes, and measures unary ones. It sits below the calls, where the transport tells of
 * every message anyway: an interceptor would have to wrap each call and its listener. One small object a call, counters
 * that exist from the start, no lock.
 */
public final class CallCounters extends CallTracers {

    private static final CallTracer NOT_COUNTED = new NotCounted();

    /** A request up to this size is kept for a line about its call; of a larger one only the text is. */
    private static final int KEPT_BYTES = 1024;

    /** Where the durations of the unary calls of a method go, by its bare name and whether they succeeded. */
    @FunctionalInterface
    public interface Durations {

        /** Looked up once for each method. */
        LongConsumer of(String method, boolean success);

        /** Where the durations of all calls of a method go, streams too. Looked up once for each method. */
        default LongConsumer ofAll(MethodDescriptor<?, ?> method) {
            return nanos -> {};
        }
    }

    private final Map<String, MethodCounter> methods = new HashMap<>();
    private final LongAdder receivedBytes = new LongAdder();
    private final LongAdder sentBytes = new LongAdder();
    private final MonotonicClock clock;
    private final CallLog lines;

    /** @param slowAfter unary calls that take longer are slow, now; zero means that none is */
    public CallCounters(
            List<ServiceDescriptor> services, Supplier<Duration> slowAfter, Durations durations, MonotonicClock clock) {
        this.clock = clock;
        this.lines = new CallLog(slowAfter, clock);
        for (ServiceDescriptor service : services) {
            service.getMethods()
                    .forEach(method -> methods.put(method.getFullMethodName(), new MethodCounter(method, durations)));
        }
    }

    /** The counters of one method. */
    public static final class MethodCounter {

        private final MethodDescriptor<?, ?> method;
        private final LongAdder started = new LongAdder();
        private final LongAdder received = new LongAdder();
        private final LongAdder sent = new LongAdder();
        private final LongAdder[] handled = new LongAdder[Status.Code.values().length];
        private final LongConsumer succeeded;
        private final LongConsumer failed;
        private final LongConsumer ended;
        private final boolean unary;

        MethodCounter(MethodDescriptor<?, ?> method, Durations durations) {
            this.method = method;
            Arrays.setAll(handled, ignored -> new LongAdder());
            this.unary = method.getType() == MethodType.UNARY;
            String name = String.valueOf(method.getBareMethodName());
            this.succeeded = unary ? durations.of(name, true) : nanos -> {};
            this.failed = unary ? durations.of(name, false) : nanos -> {};
            this.ended = durations.ofAll(method);
        }

        public MethodDescriptor<?, ?> method() {
            return method;
        }

        public long started() {
            return started.sum();
        }

        public long received() {
            return received.sum();
        }

        public long sent() {
            return sent.sum();
        }

        /** Calls that ended with the code. */
        public long handled(Status.Code code) {
            return handled[code.ordinal()].sum();
        }
    }

    @Override
    public CallTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        MethodCounter method = methods.get(fullMethodName);
        if (method == null) {
            return NOT_COUNTED;
        }
        method.started.increment();
        return new Call(method, headers);
    }

    /** A call of no known method. */
    private static final class NotCounted extends CallTracer {

        @Override
        public void connected(Attributes connection) {
            // nothing is written about it
        }

        @Override
        public void request(MessageLite request) {
            // nothing is written about it
        }

        @Override
        public CallTrace trace() {
            return CallTrace.NONE;
        }
    }

    private final class Call extends CallTracer {

        private final MethodCounter method;
        private final Metadata headers;
        private final CallTrace trace = new CallTrace(clock);
        private @Nullable Object client;
        private long received;
        private long sent;

        Call(MethodCounter method, Metadata headers) {
            this.method = method;
            this.headers = headers;
        }

        @Override
        public void connected(Attributes connection) {
            client = connection.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        }

        @Override
        public void request(MessageLite request) {
            if (method.unary) {
                trace.subject(request.getSerializedSize() <= KEPT_BYTES ? request : RequestText.of(request));
            }
        }

        @Override
        public CallTrace trace() {
            return trace;
        }

        @Override
        public Context filterContext(Context context) {
            return context.withValue(TracedCalls.TRACER, this);
        }

        @Override
        public void inboundMessage(int number) {
            method.received.increment();
        }

        @Override
        public void inboundWireSize(long bytes) {
            receivedBytes.add(bytes);
            received += bytes;
        }

        @Override
        public void outboundMessage(int number) {
            method.sent.increment();
        }

        @Override
        public void outboundWireSize(long bytes) {
            sentBytes.add(bytes);
            sent += bytes;
        }

        @Override
        public void streamClosed(Status status) {
            long end = clock.nanos();
            long nanos = trace.nanosUntil(end);
            method.handled[status.getCode().ordinal()].increment();
            (status.isOk() ? method.succeeded : method.failed).accept(nanos);
            method.ended.accept(nanos);
            if (method.unary && lines.isWorthALine(nanos)) {
                lines.write(
                        new CallLog.Ended(
                                method.method.getFullMethodName(),
                                new CallLog.Client(client, headers),
                                trace,
                                new CallLog.Sizes(received, sent),
                                status),
                        end);
            }
        }
    }

    /** The counters of all methods. */
    public List<MethodCounter> methods() {
        return new ArrayList<>(methods.values());
    }

    /** Bytes in messages of clients. */
    public long receivedBytes() {
        return receivedBytes.sum();
    }

    /** Bytes in messages to clients. */
    public long sentBytes() {
        return sentBytes.sum();
    }

    /** Unary calls that were slow. */
    public long slowCount() {
        return lines.slowCount();
    }
}
