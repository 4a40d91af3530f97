package io.quorate.server;

import io.quorate.node.RaftNode;
import io.quorate.proposal.LinearizableReader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether this member really leads now. While it ticks on time, its own role is the answer; after a pause of more than
 * three heartbeats a round of read index must confirm it (docs/etcd-v3.md, section 7.5), also when it ticks again: its first tick
 * tells nothing of what the others did meanwhile.
 */
public final class Leadership {

    private final ConsensusState consensus;
    private final RaftNode node;
    private final LinearizableReader reader;
    private final AtomicLong confirmedPauses = new AtomicLong();

    public Leadership(ConsensusState consensus, RaftNode node, LinearizableReader reader) {
        this.consensus = consensus;
        this.node = node;
        this.reader = reader;
    }

    /** Completes with whether this member leads; fails when that cannot be found out in time. */
    public CompletableFuture<Boolean> ensure() {
        if (!consensus.isLeader()) {
            return CompletableFuture.completedFuture(false);
        }
        boolean paused = node.isPaused();
        long pauses = node.pauses();
        if (!paused && pauses == confirmedPauses.get()) {
            return CompletableFuture.completedFuture(true);
        }
        return reader.awaitLinearizable().thenApply(ignored -> {
            confirmedPauses.accumulateAndGet(pauses, Math::max);
            return consensus.isLeader();
        });
    }
}
