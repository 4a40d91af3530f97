package io.quorate.server;

import io.quorate.node.RaftNode;
import io.quorate.proposal.LinearizableReader;
import java.util.concurrent.CompletableFuture;

/**
 * Whether this member really leads now. While it ticks on time that is what it believes; after a pause of more than
 * three heartbeats a round of read index must confirm it (surface, section 7.5).
 */
public final class Leadership {

    private static final int HEARTBEATS = 3;

    private final ReadyHandler handler;
    private final RaftNode node;
    private final LinearizableReader reader;
    private final long heartbeatNanos;

    public Leadership(ReadyHandler handler, RaftNode node, LinearizableReader reader, long heartbeatNanos) {
        this.handler = handler;
        this.node = node;
        this.reader = reader;
        this.heartbeatNanos = heartbeatNanos;
    }

    /** Completes with whether this member leads; fails when that cannot be found out in time. */
    public CompletableFuture<Boolean> ensure() {
        if (!handler.isLeader()) {
            return CompletableFuture.completedFuture(false);
        }
        if (node.sinceLastTickNanos() <= HEARTBEATS * heartbeatNanos) {
            return CompletableFuture.completedFuture(true);
        }
        return reader.awaitLinearizable().thenApply(ignored -> handler.isLeader());
    }
}
