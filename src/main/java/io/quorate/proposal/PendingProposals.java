package io.quorate.proposal;

import com.google.protobuf.Message;
import io.quorate.apply.Outcome;
import io.quorate.apply.Outcome.OutcomeSink;
import io.quorate.base.CallTrace;
import io.quorate.base.Meters;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Proposals of this member whose result is awaited, by request id.
 *
 * <p>Calls add on any thread; {@code apply} completes; {@code timer} fails what is late.
 */
public final class PendingProposals implements OutcomeSink {

    private record Pending(CompletableFuture<Message> result, long deadlineNanos, CallTrace trace) {}

    private final LongFunction<RequestError> timeoutCause;
    private final ConcurrentHashMap<Long, Pending> pending = new ConcurrentHashMap<>();
    private final LongAdder expired = new LongAdder();
    private volatile boolean closed;
    private long committedNanos;

    /** @param timeoutCause tells why a proposal got no result, by its deadline on the monotonic clock */
    public PendingProposals(LongFunction<RequestError> timeoutCause) {
        this.timeoutCause = timeoutCause;
    }

    /**
     * Expects the result of a request, which is proposed now, until the deadline on the monotonic clock. The call that this
     * thread works for gets the request's id.
     */
    CompletableFuture<Message> register(long id, long deadlineNanos) {
        CallTrace trace = CallTrace.current();
        trace.requestId(id);
        trace.reach(CallTrace.Step.PROPOSED);
        CompletableFuture<Message> result = new CompletableFuture<>();
        pending.put(id, new Pending(result, deadlineNanos, trace));
        if (closed) {
            fail(id, RequestError.STOPPED);
        }
        return result;
    }

    @Override
    public boolean isAwaited(long id) {
        return pending.containsKey(id);
    }

    @Override
    public void committed(long nanos) {
        committedNanos = nanos;
    }

    @Override
    public void complete(long id, Outcome outcome) {
        Pending entry = pending.remove(id);
        if (entry == null) {
            return;
        }
        entry.trace().reach(CallTrace.Step.COMMITTED, committedNanos);
        entry.trace().reach(CallTrace.Step.APPLIED);
        switch (outcome) {
            case Outcome.Done(Message response) -> entry.result().complete(response);
            case Outcome.Refused(RuntimeException cause) -> entry.result().completeExceptionally(cause);
            case Outcome.Later later -> later(entry, later);
        }
    }

    private static void later(Pending entry, Outcome.Later later) {
        try {
            Stages.whenDone("a proposal", later.stage().get(), (response, cause) -> finish(entry, response, cause));
        } catch (RuntimeException e) { // the waiting call gets it, and so does the applier
            entry.result().completeExceptionally(e);
            throw e;
        }
    }

    private static void finish(Pending entry, @Nullable Message response, @Nullable Throwable cause) {
        if (cause != null) {
            entry.result().completeExceptionally(cause);
        } else {
            entry.result().complete(response);
        }
    }

    /** The request will not get a result any more. */
    void fail(long id, RequestError error) {
        Pending entry = pending.remove(id);
        if (entry != null) {
            entry.result().completeExceptionally(new RequestException(error));
        }
    }

    /** Fails proposals whose deadline has passed; called every 100 ms by {@code timer}. */
    public void expire(long nowNanos) {
        pending.forEach((id, entry) -> {
            if (nowNanos - entry.deadlineNanos() >= 0) {
                expired.increment();
                fail(id, timeoutCause.apply(entry.deadlineNanos()));
            }
        });
    }

    /** How many results did not come in time. */
    public long expiredCount() {
        return expired.sum();
    }

    /** How many results are awaited. */
    public int size() {
        return pending.size();
    }

    /** Ends all waits, now and later: the member stops. */
    public void close() {
        closed = true;
        pending.keySet().forEach(id -> fail(id, RequestError.STOPPED));
    }

    /** Registers what is counted here. */
    public void register(Meters meters) {
        meters.gauge("etcd_server_proposals_pending", "Proposals that wait for their result.", this::size);
    }
}
