package io.quorate.tracing;

import io.quorate.base.CallTrace;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides which calls are sampled: those whose client samples its own span, and, of those that have no client's span, so many in a million.
 * Any thread.
 */
public final class CallSpans {

    private static final int MILLION = 1_000_000;

    private final int perMillion;
    private final SpanExporter exporter;
    private final InstantSource clock;

    /** @param perMillion calls in a million, of those without a client's span */
    public CallSpans(int perMillion, SpanExporter exporter, InstantSource clock) {
        this.perMillion = perMillion;
        this.exporter = exporter;
        this.clock = clock;
    }

    /** What went over a stream in its time: messages, and bytes of these. */
    public record Traffic(long receivedMessages, long sentMessages, long receivedBytes, long sentBytes) {}

    /**
     * A call has ended now.
     *
     * @param traceparent what the client sent under this name
     * @param method service and name
     * @param client address; null if it is not known
     * @param code of gRPC
     * @param endNanos now, by the clock of the trace
     * @param traffic of a stream, which is one span however long it was; null for a unary call
     */
    public void ended(
            @Nullable String traceparent,
            String method,
            @Nullable Object client,
            CallTrace trace,
            int code,
            long endNanos,
            @Nullable Traffic traffic) {
        TraceParent parent = TraceParent.parse(traceparent);
        boolean sampled = parent == null ? ThreadLocalRandom.current().nextInt(MILLION) < perMillion : parent.sampled();
        if (sampled) {
            Instant now = clock.instant();
            exporter.offer(new TracedCall(
                    parent == null ? SpanIds.trace() : parent.traceId(),
                    parent == null ? null : parent.spanId(),
                    new TracedCall.EndedCall(method, client, trace, code, endNanos, traffic),
                    TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano()));
        }
    }
}
