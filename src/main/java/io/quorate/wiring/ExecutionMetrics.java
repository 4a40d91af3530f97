package io.quorate.wiring;

import io.quorate.apply.ExecutionTimes;
import io.quorate.apply.Outcome;
import io.quorate.apply.RequestKind;
import io.quorate.ops.MemberDurations;
import io.quorate.proto.LeaseGrantResponse;
import java.util.Arrays;
import java.util.function.LongConsumer;

/** Publishes how long requests take; the recorders are looked up once. */
final class ExecutionMetrics implements ExecutionTimes.Observer {

    private final LongConsumer[] applied;
    private final LongConsumer[] refused;
    private final LongConsumer read;
    private final LongConsumer notRead;
    private final LongConsumer grantedTtl;

    ExecutionMetrics(MemberDurations durations) {
        applied = recorders(durations, true);
        refused = recorders(durations, false);
        read = durations.range(true);
        notRead = durations.range(false);
        grantedTtl = durations.leaseTtlSeconds();
    }

    private static LongConsumer[] recorders(MemberDurations durations, boolean success) {
        return Arrays.stream(RequestKind.values())
                .map(kind -> durations.apply(kind.wireName(), success))
                .toArray(LongConsumer[]::new);
    }

    /** A write that went over the quota counts as a success here: it was executed. */
    @Override
    public void applied(RequestKind kind, Outcome outcome, long nanos) {
        switch (outcome) {
            case Outcome.Done done -> {
                applied[kind.ordinal()].accept(nanos);
                if (done.response() instanceof LeaseGrantResponse granted) {
                    grantedTtl.accept(granted.getTTL());
                }
            }
            case Outcome.Later _ -> applied[kind.ordinal()].accept(nanos);
            case Outcome.Refused _ -> refused[kind.ordinal()].accept(nanos);
        }
    }

    @Override
    public void read(boolean success, long nanos) {
        (success ? read : notRead).accept(nanos);
    }
}
