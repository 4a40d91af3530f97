package io.quorate.apply;

import com.google.protobuf.MessageLite;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Throttle;
import io.quorate.proto.InternalRaftRequest;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import lombok.extern.slf4j.Slf4j;

/**
 * How long the execution of requests takes, of writes on the {@code apply} thread and of reads on theirs. Slow ones are
 * counted, and some of them logged: what they are and how large, never what is in them. Does not allocate unless a request
 * is slow.
 */
@Slf4j
public final class ExecutionTimes {

    private static final Duration LOG_EVERY = Duration.ofSeconds(1);
    private static final double NANOS_PER_MILLI = 1e6;

    private final long slowNanos;
    private final Observer observer;
    private final MonotonicClock clock;
    private final Throttle logged;
    private final LongAdder slow = new LongAdder();

    /** Learns of every execution; must be quick. */
    public interface Observer {

        /** A request of the log was applied, in so many nanoseconds. */
        void applied(RequestKind kind, Outcome outcome, long nanos);

        /** A range was read, in so many nanoseconds. */
        void read(boolean success, long nanos);
    }

    /**
     * @param slowAfter what takes longer is slow; zero means that nothing is
     */
    public ExecutionTimes(Duration slowAfter, Observer observer, MonotonicClock clock) {
        this.slowNanos = slowAfter.isZero() ? Long.MAX_VALUE : slowAfter.toNanos();
        this.observer = observer;
        this.clock = clock;
        this.logged = new Throttle(LOG_EVERY, clock);
    }

    /** The time to hand in when the execution is over. */
    public long now() {
        return clock.nanos();
    }

    void applied(InternalRaftRequest request, Outcome outcome, long started) {
        long nanos = clock.nanos() - started;
        RequestKind kind = RequestKind.of(request);
        observer.applied(kind, outcome, nanos);
        warn(kind, request, nanos);
    }

    /** A request was answered from the state without the log. */
    public void read(RequestKind kind, MessageLite request, boolean success, long started) {
        long nanos = clock.nanos() - started;
        if (kind == RequestKind.RANGE) {
            observer.read(success, nanos);
        }
        warn(kind, request, nanos);
    }

    /** Executions that were slow. */
    public long slowCount() {
        return slow.sum();
    }

    private void warn(RequestKind kind, MessageLite request, long nanos) {
        if (nanos <= slowNanos) {
            return;
        }
        slow.increment();
        long heldBack = logged.admit();
        if (heldBack != Throttle.HELD_BACK) {
            log.warn(
                    "executing {} of {} bytes took {} ms, more than {} ms ({} more since the last such line)",
                    kind.wireName(),
                    request.getSerializedSize(),
                    Math.round(nanos / NANOS_PER_MILLI),
                    slowNanos / NANOS_PER_MILLI,
                    heldBack);
        }
    }
}
