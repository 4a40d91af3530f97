package io.quorate.tracing;

import io.quorate.base.CallTrace;
import io.quorate.tracing.CallSpans.Traffic;
import org.jspecify.annotations.Nullable;

/**
 * A call that has ended and is sampled.
 *
 * @param parent span of the client; null if the trace begins here
 * @param endUnixNanos when it ended, in nanoseconds since 1970
 */
record TracedCall(String traceId, @Nullable String parent, EndedCall call, long endUnixNanos) {

    /**
     * A call that has ended.
     *
     * @param method service and name, as in {@code etcdserverpb.KV/Put}
     * @param client address; null if it is not known
     * @param trace when it reached which step
     * @param code of gRPC
     * @param endNanos when it ended, by the clock of the trace
     * @param traffic of a stream; null for a unary call
     */
    record EndedCall(
            String method,
            @Nullable Object client,
            CallTrace trace,
            int code,
            long endNanos,
            @Nullable Traffic traffic) {}
}
