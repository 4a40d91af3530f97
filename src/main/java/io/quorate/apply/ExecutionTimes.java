package io.quorate.apply;

import com.google.protobuf.MessageLite;
import io.quorate.base.MonotonicClock;
import io.quorate.base.SlowLog;
import io.quorate.proto.InternalRaftRequest;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How long the execution of requests takes, of writes on the {@code apply} thread and of reads on theirs. Slow ones are
 * counted, and some of them logged: what they are and how large, never what is in them. Does not allocate unless a request
 * is slow.
 */
public final class ExecutionTimes {

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
        return slow.count();
    }

    private void warn(RequestKind kind, MessageLite request, long nanos) {
        if (slow.isSlow(nanos)) {
            slow.note("executing " + kind.wireName() + " of " + request.getSerializedSize() + " bytes", nanos);
        }
    }
}
