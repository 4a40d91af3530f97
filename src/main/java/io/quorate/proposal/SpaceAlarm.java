package io.quorate.proposal;

import io.quorate.base.Stages;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmType;
import io.quorate.proto.InternalRaftRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/** Tells the cluster, through Raft, that this member is out of space. One proposal serves all calls that ask meanwhile. */
@Slf4j
public final class SpaceAlarm {

    private final Proposer proposer;
    private final long memberId;
    private final BooleanSupplier raised;
    private final Supplier<String> room;
    private final AtomicReference<@Nullable CompletableFuture<Void>> underWay = new AtomicReference<>();

    /**
     * @param raised whether the alarm is in force already
     * @param room how much of which quota is taken, in words
     */
    public SpaceAlarm(Proposer proposer, long memberId, BooleanSupplier raised, Supplier<String> room) {
        this.room = room;
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
                        "the store is full, {}: alarm NOSPACE is raised and writes are refused until it is disarmed;"
                                + " see docs/runbooks.md, QuorateSpaceExceeded",
                        room.get());
            } else {
                log.warn(
                        "the store is full, {}, but the alarm could not be raised: {}", room.get(), failure.toString());
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
