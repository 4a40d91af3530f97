package io.quorate.api.grpc;

import com.google.protobuf.MessageLite;
import io.grpc.Attributes;
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
import io.quorate.base.Metered;
import io.quorate.base.Meters;
import io.quorate.base.Meters.Points;
import io.quorate.base.MonotonicClock;
import io.quorate.tracing.CallSpans;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts calls, their messages and bytes, and measures unary ones. It sits below the calls, where the transport tells of
 * every message anyway: an interceptor would have to wrap each call and its listener. One small object a call, counters
 * that exist from the start, no lock.
 */
public final class CallCounters extends CallTracers implements Metered {

    /** Names and values of {@link #labels}. */
    private static final int LABELS = 6;

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
    private final CallRegister register;
    private final @Nullable CallSpans spans;

    /**
     * @param slowAfter unary calls that take longer are slow, now; zero means that none is
     * @param register is told of slow calls and of streams
     * @param spans is told of calls that have ended, once for each; null if nobody wants spans
     */
    public CallCounters(
            List<ServiceDescriptor> services,
            Supplier<Duration> slowAfter,
            Durations durations,
            MonotonicClock clock,
            CallRegister register,
            @Nullable CallSpans spans) {
        this.register = register;
        this.spans = spans;
        this.clock = clock;
        this.lines = new CallLog(slowAfter, clock);
        for (ServiceDescriptor service : services) {
            service.getMethods()
                    .forEach(method -> methods.put(method.getFullMethodName(), new MethodCounter(method, durations)));
        }
    }

    /** The counters of one method. */
    private static final class MethodCounter {

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

        void addHandled(Points points) {
            String[] labels = Arrays.copyOf(labels(method), LABELS + 2);
            labels[LABELS] = "grpc_code";
            for (Status.Code code : Status.Code.values()) {
                labels[LABELS + 1] = goName(code);
                points.add(handled[code.ordinal()].sum(), labels.clone());
            }
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
        private Attributes connection = Attributes.EMPTY;
        private volatile CallRegister.@Nullable Stream stream;
        private volatile boolean over;
        private long received;
        private long sent;

        Call(MethodCounter method, Metadata headers) {
            this.method = method;
            this.headers = headers;
        }

        @Override
        public void connected(Attributes connection) {
            this.connection = connection;
            if (!method.unary) {
                CallRegister.Stream opened = register.open(method.method.getFullMethodName(), connection, headers);
                stream = opened;
                if (over) { // it was ended meanwhile, and nobody closes the entry
                    opened.close();
                }
            }
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
        public void inboundMessage(int number) {
            method.received.increment();
            CallRegister.Stream known = stream;
            if (known != null) {
                known.receivedMessage();
            }
        }

        @Override
        public void inboundWireSize(long bytes) {
            receivedBytes.add(bytes);
            received += bytes;
            CallRegister.Stream known = stream;
            if (known != null) {
                known.received(bytes);
            }
        }

        @Override
        public void outboundMessage(int number) {
            method.sent.increment();
            CallRegister.Stream known = stream;
            if (known != null) {
                known.sentMessage();
            }
        }

        @Override
        public void outboundWireSize(long bytes) {
            sentBytes.add(bytes);
            sent += bytes;
            CallRegister.Stream known = stream;
            if (known != null) {
                known.sent(bytes);
            }
        }

        @Override
        public void streamClosed(Status status) {
            long end = clock.nanos();
            long nanos = trace.nanosUntil(end);
            method.handled[status.getCode().ordinal()].increment();
            (status.isOk() ? method.succeeded : method.failed).accept(nanos);
            method.ended.accept(nanos);
            if (method.unary) {
                tell(status, nanos, end);
                return;
            }
            over = true;
            CallRegister.Stream known = stream;
            if (known != null) {
                known.close();
                trace(status, end, known.traffic());
            }
        }

        private void trace(Status status, long end, CallSpans.@Nullable Traffic traffic) {
            if (spans != null) {
                spans.ended(
                        headers.get(CallTracer.TRACE_PARENT),
                        method.method.getFullMethodName(),
                        connection.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR),
                        trace,
                        status.getCode().value(),
                        end,
                        traffic);
            }
        }

        private void tell(Status status, long nanos, long end) {
            String name = method.method.getFullMethodName();
            Object client = connection.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
            trace(status, end, null);
            if (lines.isWorthALine(nanos)) {
                CallLog.Sizes sizes = new CallLog.Sizes(received, sent);
                CallLog.Ended call = new CallLog.Ended(name, new CallLog.Client(client, headers), trace, sizes, status);
                lines.write(call, end);
                if (lines.isSlow(nanos)) {
                    register.slow(new CallRegister.Slow(name, connection, headers, trace, sizes, call.code(end), end));
                }
            }
        }
    }

    /** Every method is there from the start, with every code, so that rates can be computed from the first call on. */
    @Override
    public void register(Meters meters) {
        meters.counters("grpc_server_started_total", "Calls that began.", each(method -> method.started));
        meters.counters(
                "grpc_server_msg_received_total", "Messages received in calls.", each(method -> method.received));
        meters.counters("grpc_server_msg_sent_total", "Messages sent in calls.", each(method -> method.sent));
        meters.counters(
                "grpc_server_handled_total",
                "Calls that ended, by their code, successful or not.",
                points -> methods.values().forEach(method -> method.addHandled(points)));
        meters.counter(
                "etcd_network_client_grpc_received_bytes_total",
                "Bytes received in messages of clients.",
                receivedBytes::sum);
        meters.counter(
                "etcd_network_client_grpc_sent_bytes_total", "Bytes sent in messages to clients.", sentBytes::sum);
        meters.counter("quorate_slow_calls_total", "Unary calls slower than the warning.", lines::slowCount);
    }

    private Consumer<Points> each(Function<MethodCounter, LongAdder> counter) {
        return points -> methods.values()
                .forEach(method -> points.add(counter.apply(method).sum(), labels(method.method)));
    }

    /** The labels that servers of gRPC usually have. */
    static String[] labels(MethodDescriptor<?, ?> method) {
        return new String[] {
            "grpc_type", type(method.getType()),
            "grpc_service", String.valueOf(method.getServiceName()),
            "grpc_method", String.valueOf(method.getBareMethodName())
        };
    }

    /** As etcd's library names it. */
    private static String type(MethodType type) {
        return switch (type) {
            case UNARY -> "unary";
            case CLIENT_STREAMING -> "client_stream";
            case SERVER_STREAMING -> "server_stream";
            case BIDI_STREAMING -> "bidi_stream";
            case UNKNOWN -> "unknown";
        };
    }

    /** The library that etcd uses writes codes as in {@code InvalidArgument}, and these two in their own way. */
    private static String goName(Status.Code code) {
        if (code == Status.Code.OK) {
            return "OK";
        }
        if (code == Status.Code.CANCELLED) {
            return "Canceled";
        }
        StringBuilder name = new StringBuilder();
        for (String word : code.name().split("_")) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    /** Unary calls that were slow. */
    public long slowCount() {
        return lines.slowCount();
    }
}
