package io.quorate.node;

import io.quorate.raft.Entry;
import io.quorate.raft.Message;
import io.quorate.raft.Snapshot;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the run loop has to apply, in order: a snapshot to install first, if there is one, then committed entries.
 *
 * @param snapshot a state from the leader that replaces this member's; null in the ordinary case
 * @param entries committed entries in index order; durable in this member's log already
 * @param persisted completes when everything that the same round of the core had to store is durable; a snapshot must
 *     not be installed or taken before, or it could run ahead of the log
 * @param confirmation what to hand back to the node when the packet is applied; null when the core awaits none
 * @param committedNanos when this member knew that the entries are committed, on the monotonic clock
 */
public record ApplyPacket(
        @Nullable Snapshot snapshot,
        List<Entry> entries,
        CompletableFuture<Void> persisted,
        @Nullable Message confirmation,
        long committedNanos) {}
