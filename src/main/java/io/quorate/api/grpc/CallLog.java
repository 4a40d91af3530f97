package io.quorate.api.grpc;

import com.google.protobuf.MessageLite;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.util.NetUtil;
import io.quorate.api.port.CallTracer;
import io.quorate.api.port.GrpcTimeout;
import io.quorate.apply.RequestText;
import io.quorate.base.CallTrace;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Printable;
import io.quorate.base.SlowLog;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Lines about single unary calls: about slow ones, one a second at most; at level DEBUG about each. A line names the call's
 * id, client, method, keys, sizes, outcome, and how long each step took.
 *
 * <p>A write has the same id in the lines of every member that applies it. A client that sends {@code traceparent} (W3C Trace
 * Context) or {@code x-request-id} finds that in the line, too.
 */
@Slf4j
final class CallLog {

    private static final Metadata.Key<String> REQUEST_ID =
            Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TIMEOUT =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
    private static final long NANOS_PER_MICRO = 1000;

    /** What the clocks of client and member may be apart when both wait for the same time. */
    private static final long DEADLINE_SLACK_NANOS = 10_000_000;

    private final SlowLog slow;

    /** @param slowAfter calls that take longer are slow, now; zero means that none is */
    CallLog(Supplier<Duration> slowAfter, MonotonicClock clock) {
        this.slow = new SlowLog(slowAfter, clock);
    }

    /**
     * The caller.
     *
     * @param address null if it is not known
     * @param headers what the client sent beside its request
     */
    record Client(@Nullable Object address, Metadata headers) {

        @Override
        public String toString() {
            String own = headers.get(CallTracer.TRACE_PARENT);
            if (own == null) {
                own = headers.get(REQUEST_ID);
            }
            String shown = address instanceof InetSocketAddress inet
                    ? NetUtil.toSocketAddressString(inet)
                    : String.valueOf(address);
            return shown + (own == null ? "" : " " + Printable.quoted(own.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Bytes of the messages of a call. */
    record Sizes(long received, long sent) {}

    /** One call that has ended. */
    record Ended(String method, Client client, CallTrace trace, Sizes sizes, Status status) {

        /** A client that gives up at its deadline says only that it cancels, often before the member's own clock is there. */
        Status.Code code(long end) {
            long limit = GrpcTimeout.nanos(client.headers().get(TIMEOUT));
            boolean over = limit > 0 && trace.nanosUntil(end) >= limit - DEADLINE_SLACK_NANOS;
            return over && status.getCode() == Status.Code.CANCELLED ? Status.Code.DEADLINE_EXCEEDED : status.getCode();
        }

        private String describe(long end) {
            return "call " + trace.id() + " of " + client + ", " + method + subject() + ": " + code(end) + ", "
                    + sizes.received() + " bytes in, " + sizes.sent() + " out; in ms: " + trace.steps(end) + ';';
        }

        private String subject() {
            String text = CallLog.subject(trace);
            return text.isEmpty() ? "" : " of " + text;
        }
    }

    /** What a call is about, without values; empty if that is not known. */
    static String subject(CallTrace trace) {
        Object subject = trace.subject();
        return subject instanceof MessageLite request ? RequestText.of(request) : subject.toString();
    }

    /** Whether a call that took so long was slow. */
    boolean isSlow(long nanos) {
        return slow.isSlow(nanos);
    }

    /** Whether {@link #write} would write about a call that took so long; what it needs is not made otherwise. */
    boolean isWorthALine(long nanos) {
        return slow.isSlow(nanos) || log.isDebugEnabled();
    }

    /** Writes about a call that ended at that time. */
    void write(Ended call, long end) {
        long nanos = call.trace().nanosUntil(end);
        if (slow.isSlow(nanos)) {
            slow.note(() -> call.describe(end), nanos);
        }
        if (log.isDebugEnabled()) {
            log.debug("{} took {} us", call.describe(end), nanos / NANOS_PER_MICRO);
        }
    }

    /** Calls that were slow. */
    long slowCount() {
        return slow.count();
    }
}
