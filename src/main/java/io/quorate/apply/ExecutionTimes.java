package io.quorate.apply;

import com.google.protobuf.MessageLite;
import io.quorate.base.CallTrace;
import io.quorate.base.Metered;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.base.SlowLog;
import io.quorate.proto.InternalRaftRequest;
import java.time.Duration;
import java.util.function.Supplier;
import lombok.extern.slf4j.Slf4j;

/**
 * How long the execution of requests takes, of writes on the {@code apply} thread and of reads on theirs. Slow ones are
 * counted, and some of them logged, at level DEBUG all: their call's id, their keys and size, never a value.
 */
@Slf4j
public final class ExecutionTimes implements Metered {

    private static final long NANOS_PER_MICRO = 1000;

    private final Observer observer;
    private final MonotonicClock clock;
    private final SlowLog slow;

    /** Learns of every execution; must be quick. */
    public interface Observer {

        /** A request of the log was applied, in so many nanoseconds. */
        void applied(RequestKind kind, Outcome outcome, long nanos);

        /** A range was read, in so many nanoseconds. */
        void read(boolean success, long nanos);
    }

    /**
     * @param slowAfter what takes longer is slow, now; zero means that nothing is
     */
    public ExecutionTimes(Supplier<Duration> slowAfter, Observer observer, MonotonicClock clock) {
        this.observer = observer;
        this.clock = clock;
        this.slow = new SlowLog(slowAfter, clock);
    }

    /** The time to hand in when the execution is over. */
    public long now() {
        return clock.nanos();
    }

    void applied(InternalRaftRequest request, Outcome outcome, long started) {
        long nanos = clock.nanos() - started;
        RequestKind kind = RequestKind.of(request);
        observer.applied(kind, outcome, nanos);
        note(kind, request, nanos, () -> CallTrace.hex(request.getID()));
    }

    /** A request was answered from the state without the log. */
    public void read(RequestKind kind, MessageLite request, boolean success, long started) {
        long nanos = clock.nanos() - started;
        if (kind == RequestKind.RANGE) {
            observer.read(success, nanos);
        }
        note(kind, request, nanos, CallTrace.current()::id);
    }

    /** Executions that were slow. */
    public long slowCount() {
        return slow.count();
    }

    private void note(RequestKind kind, MessageLite request, long nanos, Supplier<String> id) {
        if (slow.isSlow(nanos)) {
            slow.note(() -> describe(kind, request, id), nanos);
        }
        if (log.isDebugEnabled()) {
            log.debug("{} took {} us", describe(kind, request, id), nanos / NANOS_PER_MICRO);
        }
    }

    private static String describe(RequestKind kind, MessageLite request, Supplier<String> id) {
        String text = RequestText.of(request);
        return "executing " + kind.wireName() + (text.isEmpty() ? "" : " of " + text) + ", "
                + request.getSerializedSize() + " bytes, call " + id.get() + ',';
    }

    @Override
    public void register(Meters meters) {
        meters.counter(
                "etcd_server_slow_apply_total", "Requests whose execution took longer than the warning.", slow::count);
    }
}
