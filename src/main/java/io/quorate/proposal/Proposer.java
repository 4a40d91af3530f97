package io.quorate.proposal;

import com.google.protobuf.Message;
import io.quorate.apply.LogGate;
import io.quorate.apply.RequestKind;
import io.quorate.base.MonotonicClock;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.node.Proposal;
import io.quorate.node.RaftNode;
import io.quorate.proto.InternalRaftRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Takes a change through Raft: admission, id, size check, proposal, wait (docs/etcd-v3.md, section 7.7). Never blocks; the result
 * completes on the {@code apply} thread.
 */
public final class Proposer {

    /** A record that is taken over from an etcd is a little larger than the put that made it there. */
    private static final long FOLLOW_BYTES = 64 << 10;

    private final RaftNode node;
    private final PendingProposals pending;
    private final IdGenerator ids;
    private final MonotonicClock clock;
    private final LongSupplier applyGap;
    private final Limits limits;
    private final LongAdder failed = new LongAdder();

    /**
     * What the proposer admits.
     *
     * @param requestBytesMax size of a marshalled request
     * @param applyGapMax how far the applied index may lag behind the committed one, now
     * @param timeout how long a result is awaited
     * @param gate which kinds of request all members know
     */
    public record Limits(long requestBytesMax, LongSupplier applyGapMax, Duration timeout, LogGate gate) {}

    /**
     * @param applyGap committed index minus applied index, now
     */
    public Proposer(
            RaftNode node,
            PendingProposals pending,
            IdGenerator ids,
            MonotonicClock clock,
            LongSupplier applyGap,
            Limits limits) {
        this.node = node;
        this.pending = pending;
        this.ids = ids;
        this.clock = clock;
        this.applyGap = applyGap;
        this.limits = limits;
    }

    /**
     * Proposes a request; its id is filled in here.
     *
     * @return the response as applying the request built it; fails with a {@link RequestException}. After a time-out the
     *     request may still be applied
     */
    public CompletableFuture<Message> propose(InternalRaftRequest.Builder request) {
        return proposeAsLeader(0, request);
    }

    /**
     * Proposes what this member decides as the leader of a term; see {@link Proposal#leaderTerm}. Otherwise like
     * {@link #propose}.
     *
     * @param term the term; 0 for what any leader may append
     */
    public CompletableFuture<Message> proposeAsLeader(long term, InternalRaftRequest.Builder request) {
        if (applyGap.getAsLong() > limits.applyGapMax().getAsLong()) {
            return refuse(RequestError.TOO_MANY_REQUESTS);
        }
        if (!limits.gate().admits(RequestKind.of(request))) {
            return refuse(RequestError.UNKNOWN_METHOD);
        }
        long id = ids.next();
        byte[] data = request.setID(id).build().toByteArray();
        long more = request.hasFollow() ? FOLLOW_BYTES : 0;
        if (data.length > limits.requestBytesMax() + more) {
            return refuse(RequestError.REQUEST_TOO_LARGE);
        }
        CompletableFuture<Message> result =
                pending.register(id, clock.nanos() + limits.timeout().toNanos());
        if (!node.propose(new Payload(id, data, term))) {
            failed.increment();
            pending.fail(id, RequestError.TOO_MANY_REQUESTS);
        }
        return result;
    }

    /**
     * Refuses a request that is too large to be proposed, before work is spent on it.
     *
     * @throws RequestException if so
     */
    public void requireFitting(InternalRaftRequest request) {
        if (request.getSerializedSize() > limits.requestBytesMax()) {
            throw new RequestException(RequestError.REQUEST_TOO_LARGE);
        }
    }

    private static CompletableFuture<Message> refuse(RequestError error) {
        return CompletableFuture.failedFuture(new RequestException(error));
    }

    /** Proposals that the node did not take. */
    public long failedCount() {
        return failed.sum();
    }

    /** One request on its way into the log. */
    private final class Payload implements Proposal {

        private final long id;
        private final byte[] data;
        private final long leaderTerm;

        Payload(long id, byte[] data, long leaderTerm) {
            this.id = id;
            this.data = data;
            this.leaderTerm = leaderTerm;
        }

        @Override
        public byte[] data() {
            return data;
        }

        @Override
        public long leaderTerm() {
            return leaderTerm;
        }

        @Override
        public boolean isAwaited() {
            return pending.isAwaited(id);
        }

        /** Without a leader nothing was appended, so this answer is certain. */
        @Override
        public void dropped() {
            failed.increment();
            pending.fail(id, RequestError.NO_LEADER);
        }

        /** The leader is there and cannot keep up. */
        @Override
        public void crowdedOut() {
            failed.increment();
            pending.fail(id, RequestError.TOO_MANY_REQUESTS);
        }
    }
}
