package io.quorate.server;

import io.quorate.base.Timed;
import io.quorate.proposal.Proposer;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.InternalRaftRequest;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Compacts through Raft when the schedule says so, on the leader only; the schedule goes on everywhere, so that a new leader
 * knows what was how long ago. What fails is due again.
 *
 * <p>Polled by the {@code timer} thread.
 */
@Slf4j
public final class AutoCompactor implements Timed {

    private static final long NONE = 0;
    private static final long FAILED = -1;

    /** What the store says about itself: its current revision, and that of its newest compaction. */
    public record Revisions(LongSupplier current, LongSupplier compacted) {}

    private final CompactionSchedule schedule;
    private final ConsensusState consensus;
    private final Proposer proposer;
    private final Revisions revisions;

    /** The revision whose compaction was done, or {@link #FAILED}, or {@link #NONE}. */
    private final AtomicLong outcome = new AtomicLong();

    private boolean underWay;

    public AutoCompactor(
            CompactionSchedule schedule, ConsensusState consensus, Proposer proposer, Revisions revisions) {
        this.schedule = schedule;
        this.consensus = consensus;
        this.proposer = proposer;
        this.revisions = revisions;
    }

    /** Compacts if that is due; called every 100 ms by {@code timer}. */
    @Override
    public void poll(long nowNanos) {
        long finished = outcome.getAndSet(NONE);
        if (finished != NONE) {
            underWay = false;
        }
        if (finished > 0) {
            schedule.compacted(nowNanos, finished);
        }
        long due = schedule.due(nowNanos, revisions.current().getAsLong());
        if (due > 0 && !underWay && consensus.isLeader()) {
            underWay = true;
            propose(due);
        }
    }

    private void propose(long revision) {
        CompletionStage<?> unused = proposer.propose(InternalRaftRequest.newBuilder()
                        .setCompaction(CompactionRequest.newBuilder().setRevision(revision)))
                .whenComplete((ignored, failure) -> ended(revision, failure));
    }

    /** A client may have compacted further meanwhile, which is as good. */
    private void ended(long revision, @Nullable Throwable failure) {
        if (failure == null || revisions.compacted().getAsLong() >= revision) {
            log.info("compacted the history up to revision {}", revision);
            outcome.set(revision);
        } else {
            log.warn("compacting at revision {} failed, will retry: {}", revision, failure.toString());
            outcome.set(FAILED);
        }
    }
}
