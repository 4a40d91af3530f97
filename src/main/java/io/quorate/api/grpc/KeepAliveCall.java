package io.quorate.api.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quorate.api.error.WireErrors;
import io.quorate.base.Stages;
import io.quorate.lease.LeaseException.LeaseNotFoundException;
import io.quorate.proto.LeaseKeepAliveRequest;
import io.quorate.proto.LeaseKeepAliveResponse;
import io.quorate.proto.ResponseHeader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One keep-alive stream: each request is answered in turn; a lease that is unknown or gone is answered with a time of 0,
 * which is not an error. The lock serialises answers, since a renewal may complete on another thread. No more requests are
 * read while {@value #RENEWING_MAX} wait for their answers, or the client does not take these.
 */
final class KeepAliveCall implements StreamObserver<LeaseKeepAliveRequest> {

    private static final int RENEWING_MAX = 64;

    private final ServerCallStreamObserver<LeaseKeepAliveResponse> responses;
    private final LongFunction<CompletionStage<Long>> renewal;
    private final Supplier<ResponseHeader> header;
    private final Object lock = new Object();
    /** Renewals go on side by side, some on another member; the answers keep the order of the requests. */
    private CompletionStage<@Nullable Void> answered = CompletableFuture.completedStage(null);

    @GuardedBy("lock")
    private boolean ended;

    @GuardedBy("lock")
    private boolean halfClosed;

    @GuardedBy("lock")
    private int renewing;

    @GuardedBy("lock")
    private boolean asked; // for a request that has not come

    KeepAliveCall(
            ServerCallStreamObserver<LeaseKeepAliveResponse> responses,
            LongFunction<CompletionStage<Long>> renewal,
            Supplier<ResponseHeader> header) {
        this.responses = responses;
        this.renewal = renewal;
        this.header = header;
        responses.disableAutoRequest();
        responses.setOnReadyHandler(this::askForMore);
        responses.setOnCancelHandler(() -> end(null));
    }

    /** Asks for the first request. */
    void start() {
        synchronized (lock) {
            asked = true;
        }
        responses.request(1);
    }

    private void askForMore() {
        synchronized (lock) {
            if (ended || asked || renewing >= RENEWING_MAX || !responses.isReady()) {
                return;
            }
            asked = true;
        }
        responses.request(1); // the next may come at once, on this thread
    }

    @Override
    public void onNext(LeaseKeepAliveRequest request) {
        synchronized (lock) {
            renewing++;
            asked = false;
        }
        ResponseHeader before = header.get(); // never later than the renewal
        CompletionStage<Long> renewed = renewal.apply(request.getID());
        answered = answered.thenCompose(earlier -> renewed.handle((seconds, failure) -> {
            answerOrEnd(request.getID(), before, seconds, failure);
            return null;
        }));
        askForMore();
    }

    /** A failed answer ends the stream, or else the answers after it would wait forever. */
    private void answerOrEnd(long id, ResponseHeader before, @Nullable Long seconds, @Nullable Throwable failure) {
        try {
            answer(id, before, seconds, failure);
        } catch (RuntimeException | Error e) { // whatever it is, the stream ends and its client hears why
            end(WireErrors.of(e).getStatus());
        }
    }

    private void answer(long id, ResponseHeader before, @Nullable Long seconds, @Nullable Throwable failure) {
        Throwable cause = failure == null ? null : Stages.causeOf(failure);
        if (cause != null && !(cause instanceof LeaseNotFoundException)) {
            end(WireErrors.of(cause).getStatus());
            return;
        }
        LeaseKeepAliveResponse response = LeaseKeepAliveResponse.newBuilder()
                .setHeader(before)
                .setID(id)
                .setTTL(seconds == null ? 0 : seconds)
                .build();
        synchronized (lock) {
            renewing--;
            if (!ended) {
                responses.onNext(response);
            }
        }
        completeIfDone();
        askForMore();
    }

    @Override
    public void onError(Throwable failure) {
        end(null);
    }

    @Override
    public void onCompleted() {
        synchronized (lock) {
            halfClosed = true;
        }
        completeIfDone();
    }

    private void completeIfDone() {
        synchronized (lock) {
            if (ended || !halfClosed || renewing > 0) {
                return;
            }
            ended = true;
            responses.onCompleted();
        }
    }

    /** Ends the call; without a status the client is gone already. */
    private void end(@Nullable Status status) {
        synchronized (lock) {
            if (ended) {
                return;
            }
            ended = true;
            if (status != null && !responses.isCancelled()) {
                responses.onError(status.asRuntimeException());
            }
        }
    }
}
