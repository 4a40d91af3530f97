package io.quorate.proposal;

import io.quorate.base.Stages;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmType;
import io.quorate.proto.InternalRaftRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/** Tells the cluster, through Raft, that this member is out of space. One proposal serves all who ask meanwhile. */
@Slf4j
public final class SpaceAlarm {

    private final Proposer proposer;
    private final long memberId;
    private final BooleanSupplier raised;
    private final AtomicReference<@Nullable CompletableFuture<Void>> underWay = new AtomicReference<>();

    /** @param raised whether the alarm is in force already */
    public SpaceAlarm(Proposer proposer, long memberId, BooleanSupplier raised) {
        this.raised = raised;
        this.proposer = proposer;
        this.memberId = memberId;
    }

    /** Never blocks. The stage completes normally, also when the alarm could not be raised: the next write tries again. */
    public CompletionStage<Void> raise() {
        if (raised.getAsBoolean()) {
            return CompletableFuture.completedStage(null);
        }
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> other = underWay.compareAndExchange(null, mine);
        if (other != null) {
            return other.minimalCompletionStage();
        }
        Stages.whenDone("raising the alarm NOSPACE", proposer.propose(request()), (ignored, failure) -> {
            if (failure == null) {
                log.warn(
                        "the store has reached its quota: alarm NOSPACE is raised, writes are refused until it is cleared");
            } else {
                log.warn("the store has reached its quota, but the alarm could not be raised: {}", failure.toString());
            }
            underWay.set(null);
            mine.complete(null);
        });
        return mine.minimalCompletionStage();
    }

    private InternalRaftRequest.Builder request() {
        return InternalRaftRequest.newBuilder()
                .setAlarm(AlarmRequest.newBuilder()
                        .setAction(AlarmRequest.AlarmAction.ACTIVATE)
                        .setMemberID(memberId)
                        .setAlarm(AlarmType.NOSPACE));
    }
}
