package io.quorate.proposal;

import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What this member knows about the leader.
 *
 * @param localId this member
 * @param leader the leader's id; 0 if none is known
 * @param ensured completes with whether this member leads for certain
 * @param committed the newest index known to be committed
 */
public record KnownLeader(
        long localId, LongSupplier leader, Supplier<CompletableFuture<Boolean>> ensured, LongSupplier committed) {

    /** Whether this member is the leader, as far as it knows. */
    boolean isLocal() {
        return leader.getAsLong() == localId;
    }
}
