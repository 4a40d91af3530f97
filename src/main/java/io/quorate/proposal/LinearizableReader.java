package io.quorate.proposal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.base.CallTrace;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.node.RaftNode;
import io.quorate.raft.Ready.ReadState;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Makes reads linearizable (thesis, section 6.4). One round of read index serves all readers that arrived before it
 * began; those that arrive meanwhile wait for the next. Retry, leader change and time-out as in etcd (docs/etcd-v3.md, section
 * 7.6).
 *
 * <p>Called by anybody; a short lock guards the rounds. Readers continue on the read pool.
 */
public final class LinearizableReader {

    /** After this long without an answer the question is asked again; lost messages cost no more. */
    private static final Duration RETRY = Duration.ofMillis(500);

    /** Readers that one task of the read pool serves, so that a large round uses all its threads. */
    private static final int READERS_PER_TASK = 8;

    private record Reader(
            CompletableFuture<Void> ready,
            long deadlineNanos,
            @Nullable Executor own,
            CallTrace trace) {}

    private record Round(List<Long> ids, List<Reader> readers, long askedNanos) {}

    private final RaftNode node;
    private final ApplyWaiters applied;
    private final IdGenerator ids;
    private final MonotonicClock clock;
    private final Executor readPool;
    private final Duration timeout;
    private final int waitingMax;
    private final LongAdder slow = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private List<Reader> next = new ArrayList<>();

    @GuardedBy("lock")
    private @Nullable Round current;

    @GuardedBy("lock")
    private boolean closed;

    /**
     * @param waitingMax how many readers may wait for the next round before more are refused
     */
    public LinearizableReader(
            RaftNode node,
            ApplyWaiters applied,
            IdGenerator ids,
            MonotonicClock clock,
            Executor readPool,
            Duration timeout,
            int waitingMax) {
        this.node = node;
        this.applied = applied;
        this.ids = ids;
        this.clock = clock;
        this.readPool = readPool;
        this.timeout = timeout;
        this.waitingMax = waitingMax;
    }

    /**
     * Waits until the local state contains everything that was committed before this call.
     *
     * @return completes on the read pool; fails with a {@link RequestException}
     */
    public CompletableFuture<Void> awaitLinearizable() {
        return await(null);
    }

    /**
     * The same for the member's own questions, as those of its health: they join the rounds of clients, also when too many of
     * those wait, and are answered apart from them.
     *
     * @param own where the result completes
     */
    public CompletableFuture<Void> awaitLinearizable(Executor own) {
        return await(own);
    }

    private CompletableFuture<Void> await(@Nullable Executor own) {
        Reader reader =
                new Reader(new CompletableFuture<>(), clock.nanos() + timeout.toNanos(), own, CallTrace.current());
        synchronized (lock) {
            if (closed || (own == null && next.size() >= waitingMax)) {
                RequestError error = closed ? RequestError.STOPPED : RequestError.TOO_MANY_REQUESTS;
                return CompletableFuture.failedFuture(new RequestException(error));
            }
            next.add(reader);
            if (current == null) {
                startRound();
            }
        }
        return reader.ready();
    }

    /** Answers from the core; called by the {@code raft-node} thread. */
    public void readStates(List<ReadState> states) {
        ReadState newest = states.getLast();
        long id = ByteBuffer.wrap(newest.context()).getLong();
        List<Reader> readers;
        synchronized (lock) {
            Round round = current;
            if (round == null || !round.ids().contains(id)) {
                slow.increment();
                return;
            }
            readers = round.readers();
            current = null;
            startRound();
        }
        applied.await(newest.index(), () -> release(readers));
    }

    /** The leader changed: what the former one confirmed for this round says nothing any more. */
    public void leaderChanged() {
        endRound(RequestError.LEADER_CHANGED);
    }

    /** The new leader committed in its term; a question it could not answer before is asked again at once. */
    public void firstCommitInTerm() {
        synchronized (lock) {
            if (current != null) {
                ask(current);
            }
        }
    }

    /** Re-sends an unanswered ReadIndex and fails reads past their deadline; called every 100 ms by {@code timer}. */
    public void poll(long nowNanos) {
        List<Reader> late = new ArrayList<>();
        synchronized (lock) {
            removeLate(next, nowNanos, late);
            Round round = current;
            if (round != null) {
                removeLate(round.readers(), nowNanos, late);
                if (nowNanos - round.askedNanos() >= RETRY.toNanos()) {
                    slow.increment();
                    ask(round);
                }
            }
        }
        fail(late, RequestError.TIMEOUT);
    }

    /** Ends all waits, now and later. */
    public void close() {
        List<Reader> rest;
        synchronized (lock) {
            closed = true;
            rest = next;
            next = new ArrayList<>();
        }
        endRound(RequestError.STOPPED);
        fail(rest, RequestError.STOPPED);
    }

    /** Rounds whose answer was late or stale. */
    public long slowCount() {
        return slow.sum();
    }

    /** Readers that got no confirmation. */
    public long failedCount() {
        return failed.sum();
    }

    @GuardedBy("lock")
    private void startRound() {
        if (next.isEmpty()) {
            return;
        }
        List<Reader> readers = next;
        next = new ArrayList<>();
        ask(new Round(new ArrayList<>(2), readers, clock.nanos()));
    }

    /** Older ids of the round stay good: their answers are as recent as the readers need. */
    @GuardedBy("lock")
    private void ask(Round round) {
        long id = ids.next();
        round.ids().add(id);
        current = new Round(round.ids(), round.readers(), clock.nanos());
        if (!node.readIndex(ByteBuffer.allocate(Long.BYTES).putLong(id).array())) {
            slow.increment();
        }
    }

    private void endRound(RequestError error) {
        List<Reader> readers;
        synchronized (lock) {
            readers = current == null ? List.of() : current.readers();
            current = null;
            startRound();
        }
        fail(readers, error);
    }

    private void fail(List<Reader> readers, RequestError error) {
        if (!readers.isEmpty()) {
            failed.add(readers.size());
            readPool.execute(
                    () -> readers.forEach(reader -> reader.ready().completeExceptionally(new RequestException(error))));
        }
    }

    private static void removeLate(List<Reader> readers, long nowNanos, List<Reader> late) {
        readers.removeIf(reader -> nowNanos - reader.deadlineNanos() >= 0 && late.add(reader));
    }

    private void release(List<Reader> readers) {
        List<Reader> shared = new ArrayList<>(readers.size());
        for (Reader reader : readers) {
            reader.trace().reach(CallTrace.Step.CONFIRMED);
            if (reader.own() == null) {
                shared.add(reader);
            } else {
                reader.own().execute(() -> reader.ready().complete(null));
            }
        }
        for (int from = 0; from < shared.size(); from += READERS_PER_TASK) {
            List<Reader> share = shared.subList(from, Math.min(shared.size(), from + READERS_PER_TASK));
            readPool.execute(() -> share.forEach(reader -> reader.ready().complete(null)));
        }
    }

    /** Registers what is counted here. */
    public void register(Meters meters) {
        meters.counter(
                "etcd_server_read_indexes_failed_total",
                "Rounds of linearizable reading that ended without an answer.",
                failed::sum);
        meters.counter(
                "etcd_server_slow_read_indexes_total",
                "Rounds of linearizable reading that took too long or ran out of time.",
                slow::sum);
    }
}
