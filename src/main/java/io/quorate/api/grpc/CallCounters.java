package io.quorate.api.grpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerStreamTracer;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.quorate.base.MonotonicClock;
import io.quorate.base.SlowLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Counts calls, their messages and bytes, and measures unary ones. It hangs below the calls, where the transport tells of
 * every message anyway: an interceptor would have to wrap each call and its listener. One small object a call, counters
 * that exist from the start, no lock.
 */
public final class CallCounters extends ServerStreamTracer.Factory {

    private static final ServerStreamTracer NOT_COUNTED = new ServerStreamTracer() {};

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
    private final SlowLog slow;

    /** @param slowAfter unary calls that take longer are slow, now; zero means that none is */
    public CallCounters(
            List<ServiceDescriptor> services, Supplier<Duration> slowAfter, Durations durations, MonotonicClock clock) {
        this.clock = clock;
        this.slow = new SlowLog(slowAfter, clock);
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

        MethodCounter(MethodDescriptor<?, ?> method, Durations durations) {
            this.method = method;
            Arrays.setAll(handled, ignored -> new LongAdder());
            boolean unary = method.getType() == MethodType.UNARY;
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
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        MethodCounter method = methods.get(fullMethodName);
        if (method == null) {
            return NOT_COUNTED;
        }
        method.started.increment();
        return new Call(method, clock.nanos());
    }

    private final class Call extends ServerStreamTracer {

        private final MethodCounter method;
        private final long started;

        Call(MethodCounter method, long started) {
            this.method = method;
            this.started = started;
        }

        @Override
        public void inboundMessage(int number) {
            method.received.increment();
        }

        @Override
        public void inboundWireSize(long bytes) {
            receivedBytes.add(bytes);
        }

        @Override
        public void outboundMessage(int number) {
            method.sent.increment();
        }

        @Override
        public void outboundWireSize(long bytes) {
            sentBytes.add(bytes);
        }

        @Override
        public void streamClosed(Status status) {
            long nanos = clock.nanos() - started;
            method.handled[status.getCode().ordinal()].increment();
            (status.isOk() ? method.succeeded : method.failed).accept(nanos);
            method.ended.accept(nanos);
            if (slow.isSlow(nanos) && method.method.getType() == MethodType.UNARY) {
                slow.note(method.method.getFullMethodName() + " (" + status.getCode() + ')', nanos);
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
        return slow.count();
    }
}
