package io.quorate.proposal;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.quorate.base.Delays;
import io.quorate.base.MonotonicClock;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.lease.LeaseException.LeaseNotFoundException;
import io.quorate.lease.LeaseException.NotPrimaryException;
import io.quorate.lease.LeaseManager;
import io.quorate.lease.LeaseStatus;
import io.quorate.proto.LeaseTimeToLiveResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps leases alive and tells their remaining time, wherever the leader is: here, or on another member that is asked. While
 * no leader answers, the question is repeated until its time is up (docs/etcd-v3.md, section 2.7).
 */
public final class LeaseForwarder {

    private static final Duration RETRY_PAUSE = Duration.ofMillis(50);
    private static final Duration APPLY_PATIENCE = Duration.ofSeconds(1);

    private final LeaseManager leases;
    private final KnownLeader view;
    private final ApplyWaiters applied;
    private final PeerCalls peers;
    private final MonotonicClock clock;
    private final Delays delays;
    private final Duration timeout;

    public LeaseForwarder(
            LeaseManager leases,
            KnownLeader view,
            ApplyWaiters applied,
            PeerCalls peers,
            MonotonicClock clock,
            Delays delays,
            Duration timeout) {
        this.leases = leases;
        this.view = view;
        this.applied = applied;
        this.peers = peers;
        this.clock = clock;
        this.delays = delays;
        this.timeout = timeout;
    }

    /** Gives a lease its full time again; fails with {@link LeaseNotFoundException} if there is none. */
    public CompletionStage<Long> renew(long id) {
        byte[] request = ByteBuffer.allocate(Long.BYTES).putLong(id).array();
        return answered(() -> renewHere(id), LeaderCall.RENEW, request, id)
                .thenApply(answer -> ByteBuffer.wrap(answer).getLong());
    }

    /** What is left of a lease, as etcd's message without header; fails with {@link LeaseNotFoundException} if there is none. */
    public CompletionStage<LeaseTimeToLiveResponse> timeToLive(long id, boolean withKeys) {
        byte[] request = ByteBuffer.allocate(Long.BYTES + 1)
                .putLong(id)
                .put((byte) (withKeys ? 1 : 0))
                .array();
        return answered(() -> timeToLiveHere(id, withKeys), LeaderCall.TIME_TO_LIVE, request, id)
                .thenApply(LeaseForwarder::parse);
    }

    /** Answers another member; only the leader does. */
    CompletionStage<byte[]> answer(LeaderCall call, byte[] request) {
        ByteBuffer arguments = ByteBuffer.wrap(request);
        long id = arguments.getLong();
        return switch (call) {
            case RENEW -> renewHere(id);
            case TIME_TO_LIVE -> timeToLiveHere(id, arguments.get() != 0);
            case PROMOTE -> CompletableFuture.failedFuture(new RequestException(RequestError.UNKNOWN_METHOD));
        };
    }

    // ---- on the leader

    private CompletableFuture<byte[]> renewHere(long id) {
        return whenLeading(() -> leases.renew(id)
                .thenApply(seconds ->
                        ByteBuffer.allocate(Long.BYTES).putLong(seconds).array()));
    }

    private CompletableFuture<byte[]> timeToLiveHere(long id, boolean withKeys) {
        return whenLeading(() -> CompletableFuture.completedStage(
                wire(leases.timeToLive(id, withKeys)).toByteArray()));
    }

    private static LeaseTimeToLiveResponse wire(LeaseStatus status) {
        LeaseTimeToLiveResponse.Builder response = LeaseTimeToLiveResponse.newBuilder()
                .setID(status.id())
                .setTTL(status.remainingTtl())
                .setGrantedTTL(status.grantedTtl());
        status.keys().forEach(key -> response.addKeys(UnsafeByteOperations.unsafeWrap(key.unwrap())));
        return response.build();
    }

    /** A lease that is missing may not be applied yet, if it was granted by another member a moment ago. */
    private CompletableFuture<byte[]> whenLeading(Supplier<CompletionStage<byte[]>> action) {
        return view.ensured()
                .get()
                .thenCompose(leads -> leads ? tried(action) : notLeader())
                .exceptionallyCompose(failure -> Stages.causeOf(failure) instanceof LeaseNotFoundException
                        ? appliedNow().thenCompose(done -> tried(action))
                        : CompletableFuture.failedFuture(failure))
                .thenCompose(this::ifStillLeading);
    }

    /**
     * A pause right before the action would be seen only now: what another leader does not know of must not be promised. One
     * that begins later does no harm, as a promise counts from its request.
     */
    private CompletionStage<byte[]> ifStillLeading(byte[] answer) {
        return view.ensured()
                .get()
                .thenCompose(leads -> leads ? CompletableFuture.completedStage(answer) : notLeader());
    }

    private static CompletionStage<byte[]> notLeader() {
        return CompletableFuture.failedStage(new RequestException(RequestError.NOT_LEADER));
    }

    private static CompletionStage<byte[]> tried(Supplier<CompletionStage<byte[]>> action) {
        try {
            return action.get();
        } catch (LeaseNotFoundException | NotPrimaryException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private CompletableFuture<Boolean> appliedNow() {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        applied.await(view.committed().getAsLong(), () -> done.complete(true));
        delays.after(APPLY_PATIENCE, () -> done.complete(false));
        return done.thenApply(inTime -> {
            if (!inTime) {
                throw new RequestException(RequestError.TIMEOUT_WAITING_APPLIED);
            }
            return true;
        });
    }

    // ---- wherever the leader is

    private CompletableFuture<byte[]> answered(
            Supplier<CompletableFuture<byte[]>> here, LeaderCall call, byte[] request, long id) {
        return attempt(here, call, request, id, clock.nanos() + timeout.toNanos());
    }

    private CompletableFuture<byte[]> attempt(
            Supplier<CompletableFuture<byte[]>> here, LeaderCall call, byte[] request, long id, long deadline) {
        return once(here, call, request, deadline).exceptionallyCompose(failure -> {
            Throwable cause = Stages.causeOf(failure);
            RequestError error = errorOf(cause);
            if (cause instanceof LeaseNotFoundException || error == RequestError.LEASE_NOT_FOUND) {
                return CompletableFuture.failedFuture(new LeaseNotFoundException(id));
            }
            if (error == RequestError.TIMEOUT_WAITING_APPLIED) {
                return CompletableFuture.failedFuture(new RequestException(error));
            }
            if (clock.nanos() - deadline >= 0) {
                return CompletableFuture.failedFuture(new RequestException(RequestError.TIMEOUT));
            }
            return CompletableFuture.runAsync(() -> {}, delays.executor(RETRY_PAUSE))
                    .thenCompose(paused -> attempt(here, call, request, id, deadline));
        });
    }

    private CompletableFuture<byte[]> once(
            Supplier<CompletableFuture<byte[]>> here, LeaderCall call, byte[] request, long deadline) {
        long leader = view.leader().getAsLong();
        if (leader == 0) {
            return CompletableFuture.failedFuture(new RequestException(RequestError.NO_LEADER));
        }
        Duration left = Duration.ofNanos(Math.max(1, deadline - clock.nanos()));
        return view.isLocal() ? here.get() : peers.call(leader, call.number(), request, left);
    }

    /** The error that another member named, or this one raised; null if it is none of a request. */
    static @Nullable RequestError errorOf(Throwable cause) {
        return cause instanceof RequestException request ? request.error() : null;
    }

    private static LeaseTimeToLiveResponse parse(byte[] answer) {
        try {
            return LeaseTimeToLiveResponse.parseFrom(answer);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the leader's answer cannot be read", e);
        }
    }
}
