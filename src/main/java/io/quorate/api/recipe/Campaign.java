package io.quorate.api.recipe;

import com.google.protobuf.ByteString;
import io.quorate.base.Stages;
import io.quorate.proto.ResponseHeader;
import io.quorate.proto.TxnResponse;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.proto.v3electionpb.CampaignResponse;
import io.quorate.proto.v3electionpb.LeaderKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One candidate: takes a place with its value and waits until it is the oldest. */
final class Campaign {

    private final LocalClient primitives;
    private final ByteString name;
    private final ByteString value;
    private final AtomicReference<@Nullable QueueWaiter> turn = new AtomicReference<>();
    private volatile LeaderKey place = LeaderKey.getDefaultInstance();
    private volatile boolean cancelled;

    Campaign(LocalClient primitives, ByteString name, ByteString value) {
        this.primitives = primitives;
        this.name = name;
        this.value = value;
    }

    CompletionStage<CampaignResponse> run(long lease) {
        ByteString key = QueueKeys.key(name, lease);
        return primitives
                .txn(QueueKeys.take(name, key, value, lease))
                .thenCompose(taken -> placed(taken, key, lease))
                .thenApply(header -> CampaignResponse.newBuilder()
                        .setHeader(header)
                        .setLeader(place)
                        .build());
    }

    private CompletionStage<ResponseHeader> placed(TxnResponse taken, ByteString key, long lease) {
        LeaderKey.Builder own = LeaderKey.newBuilder().setName(name).setKey(key).setLease(lease);
        if (taken.getSucceeded()) {
            place = own.setRev(taken.getHeader().getRevision()).build();
            return awaitTurn();
        }
        KeyValue existing = taken.getResponses(0).getResponseRange().getKvs(0);
        place = own.setRev(existing.getCreateRevision()).build();
        return existing.getValue().equals(value) ? awaitTurn() : changeValue().thenCompose(ignored -> awaitTurn());
    }

    /** The lease has a place already, with another value. */
    private CompletableFuture<TxnResponse> changeValue() {
        return primitives
                .txn(QueueKeys.proclaim(place.getKey(), place.getRev(), value, place.getLease()))
                .thenApply(done -> {
                    if (!done.getSucceeded()) {
                        throw RecipeResponses.failure("election: not leader");
                    }
                    return done;
                });
    }

    private CompletionStage<ResponseHeader> awaitTurn() {
        QueueWaiter waiting = new QueueWaiter(primitives, name, place.getRev());
        turn.set(waiting);
        if (cancelled) {
            cancel();
        }
        return waiting.await();
    }

    /** A call that stops waiting leaves the queue. */
    void cancel() {
        cancelled = true;
        QueueWaiter waiting = turn.getAndSet(null);
        if (waiting != null) {
            waiting.cancel();
            Stages.watch("leaving an election", primitives.txn(QueueKeys.leave(place.getKey(), place.getRev())));
        }
    }
}
