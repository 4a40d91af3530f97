package io.quorate.wiring;

import io.grpc.MethodDescriptor;
import io.quorate.api.grpc.CallCounters;
import io.quorate.ops.MemberDurations;
import java.util.function.LongConsumer;

/** Publishes how long calls take. */
record CallDurations(MemberDurations durations) implements CallCounters.Durations {

    @Override
    public LongConsumer of(String method, boolean success) {
        return durations.request(method, success);
    }

    @Override
    public LongConsumer ofAll(MethodDescriptor<?, ?> method) {
        return durations.handling(
                CallStatistics.type(method.getType()),
                String.valueOf(method.getServiceName()),
                String.valueOf(method.getBareMethodName()));
    }
}
