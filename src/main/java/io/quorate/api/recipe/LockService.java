package io.quorate.api.recipe;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quorate.base.Stages;
import io.quorate.proto.TxnResponse;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.proto.v3lockpb.LockGrpc;
import io.quorate.proto.v3lockpb.LockRequest;
import io.quorate.proto.v3lockpb.LockResponse;
import io.quorate.proto.v3lockpb.UnlockRequest;
import io.quorate.proto.v3lockpb.UnlockResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;

/**
 * etcd's Lock service. The holder is the lease: a second request with the same lease has the lock already.
 */
@RequiredArgsConstructor
public final class LockService extends LockGrpc.LockImplBase {

    private final LocalClient primitives;

    @Override
    public void lock(LockRequest request, StreamObserver<LockResponse> call) {
        Attempt attempt = new Attempt(primitives.ofCaller(), request.getName());
        ((ServerCallStreamObserver<LockResponse>) call).setOnCancelHandler(attempt::cancel);
        RecipeResponses.send(attempt.primitives.lease(request.getLease()).thenCompose(attempt::run), call);
    }

    @Override
    public void unlock(UnlockRequest request, StreamObserver<UnlockResponse> call) {
        RecipeResponses.send(
                primitives
                        .ofCaller()
                        .delete(request.getKey())
                        .thenApply(deleted -> UnlockResponse.newBuilder()
                                .setHeader(deleted.getHeader())
                                .build()),
                call);
    }

    /** One call of lock. */
    private static final class Attempt {

        private final LocalClient primitives;
        private final ByteString name;
        private final AtomicReference<@Nullable QueueWaiter> turn = new AtomicReference<>();
        private volatile ByteString key = ByteString.EMPTY;
        private volatile boolean cancelled;

        Attempt(LocalClient primitives, ByteString name) {
            this.primitives = primitives;
            this.name = name;
        }

        CompletionStage<LockResponse> run(long lease) {
            key = QueueKeys.key(name, lease);
            return primitives
                    .txn(QueueKeys.take(name, key, ByteString.EMPTY, lease))
                    .thenCompose(this::placed);
        }

        private CompletionStage<LockResponse> placed(TxnResponse taken) {
            long mine = taken.getSucceeded()
                    ? taken.getHeader().getRevision()
                    : taken.getResponses(0).getResponseRange().getKvs(0).getCreateRevision();
            KeyValue owner = taken.getResponses(1).getResponseRange().getKvs(0);
            if (owner.getCreateRevision() == mine) {
                if (cancelled && taken.getSucceeded()) {
                    leave();
                }
                return CompletableFuture.completedFuture(LockResponse.newBuilder()
                        .setHeader(taken.getHeader())
                        .setKey(key)
                        .build());
            }
            QueueWaiter waiting = new QueueWaiter(primitives, name, mine);
            turn.set(waiting);
            if (cancelled) {
                cancel();
            }
            return waiting.await().thenCompose(ignored -> confirm());
        }

        /** The lease may have run out during the wait, and the place with it. */
        private CompletionStage<LockResponse> confirm() {
            return primitives.range(QueueKeys.single(key)).thenApply(own -> {
                if (own.getKvsCount() == 0) {
                    throw RecipeResponses.failure("mutex: session is expired");
                }
                return LockResponse.newBuilder()
                        .setHeader(own.getHeader())
                        .setKey(key)
                        .build();
            });
        }

        /** A call that stops waiting leaves the queue. */
        void cancel() {
            cancelled = true;
            QueueWaiter waiting = turn.getAndSet(null);
            if (waiting != null) {
                waiting.cancel();
                leave();
            }
        }

        private void leave() {
            Stages.watch("leaving the queue for a lock", primitives.delete(key));
        }
    }
}
