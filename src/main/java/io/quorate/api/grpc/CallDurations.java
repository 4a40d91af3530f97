package io.quorate.api.grpc;

import io.grpc.MethodDescriptor;
import io.quorate.base.Buckets;
import io.quorate.base.Meters;
import io.quorate.base.Meters.Distributions;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Publishes how long calls take. */
public final class CallDurations implements CallCounters.Durations {

    private static final long MILLISECOND = 1_000_000;

    /** The bounds that servers of gRPC usually have. */
    private static final List<Long> USUAL_NANOS = Stream.of(5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)
            .map(millis -> millis * MILLISECOND)
            .toList();

    private final Distributions unary;
    private final @Nullable Distributions all;

    /** @param extensive whether calls are measured by method too, which is eleven series for each */
    public CallDurations(Meters meters, boolean extensive) {
        unary = meters.distributions(
                "etcd_server_request_duration_seconds",
                "Time of a unary call, from its first byte to its end.",
                Buckets.seconds(MILLISECOND, 14));
        all = extensive
                ? meters.distributions(
                        "grpc_server_handling_seconds",
                        "Time of calls from their first byte to their end.",
                        new Buckets.Listed(USUAL_NANOS, 1e9))
                : null;
    }

    @Override
    public LongConsumer of(String method, boolean success) {
        return unary.at("type", method, "success", Boolean.toString(success));
    }

    @Override
    public LongConsumer ofAll(MethodDescriptor<?, ?> method) {
        return all == null ? nanos -> {} : all.at(CallCounters.labels(method));
    }
}
