package io.quorate.raft;

import io.quorate.raft.readonly.PendingReads.ReadOnlyOption;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import lombok.Builder;

/**
 * Settings of one member's core. {@link #builder()} starts with the defaults named here.
 *
 * @param id this member, not 0
 * @param electionTicks ticks without a leader after which a follower campaigns, at the earliest; more than
 *     {@code heartbeatTicks}; 10
 * @param heartbeatTicks ticks between heartbeats of a leader; 1
 * @param maxSizePerMsg encoded bytes of entries in one append, of which at least one entry is sent; unlimited
 * @param maxCommittedSizePerReady encoded bytes of entries handed out and not yet confirmed as applied; 0 for the same
 *     as {@code maxSizePerMsg}
 * @param maxUncommittedSize bytes of data of proposals that are not applied yet, beyond which further ones are dropped;
 *     0 for no limit
 * @param maxInflightMsgs appends in flight to one peer; 256
 * @param maxInflightBytes bytes of data in flight to one peer; 0 for no limit
 * @param maxPendingReads read requests that a leader keeps until a quorum answers; further ones are dropped; 4096
 * @param checkQuorum whether a leader that hears of no quorum for an election timeout steps down, and members that hear
 *     of a leader ignore campaigns; true
 * @param preVote whether a campaign first asks if it could succeed (thesis, section 9.6); true
 * @param readOnlyOption how reads are confirmed; safe
 * @param applied the last index that the application has applied, from its own storage; 0 if it keeps none
 * @param asyncStorageWrites whether storage work is handed out as messages; false
 * @param disableProposalForwarding whether a follower drops proposals instead of sending them to the leader; false
 * @param disableConfChangeValidation whether membership changes enter the log unchecked, because the application checks them
 *     themselves; false
 * @param stepDownOnRemoval whether a leader that is removed or demoted steps down at once; false
 * @param random a number from 0 to below its argument, uniformly; the only randomness in the core
 * @param logger where diagnostic lines go; nowhere
 */
@Builder(toBuilder = true)
public record RaftConfig(
        long id,
        int electionTicks,
        int heartbeatTicks,
        long maxSizePerMsg,
        long maxCommittedSizePerReady,
        long maxUncommittedSize,
        int maxInflightMsgs,
        long maxInflightBytes,
        int maxPendingReads,
        boolean checkQuorum,
        boolean preVote,
        ReadOnlyOption readOnlyOption,
        long applied,
        boolean asyncStorageWrites,
        boolean disableProposalForwarding,
        boolean disableConfChangeValidation,
        boolean stepDownOnRemoval,
        IntUnaryOperator random,
        RaftLogger logger) {

    public RaftConfig {
        Objects.requireNonNull(random, "'random' must not be null");
        require(id != 0 && id != Message.APPEND_THREAD && id != Message.APPLY_THREAD, "id", id, "is reserved");
        require(heartbeatTicks > 0, "heartbeatTicks", heartbeatTicks, "must be positive");
        require(electionTicks > heartbeatTicks, "electionTicks", electionTicks, "must exceed heartbeatTicks");
        require(maxSizePerMsg >= 0, "maxSizePerMsg", maxSizePerMsg, "must not be negative");
        require(maxUncommittedSize >= 0, "maxUncommittedSize", maxUncommittedSize, "must not be negative");
        require(maxInflightMsgs > 0, "maxInflightMsgs", maxInflightMsgs, "must be positive");
        require(maxInflightBytes >= 0, "maxInflightBytes", maxInflightBytes, "must not be negative");
        require(maxPendingReads > 0, "maxPendingReads", maxPendingReads, "must be positive");
        if (maxCommittedSizePerReady == 0) {
            maxCommittedSizePerReady = maxSizePerMsg;
        }
        if (readOnlyOption == ReadOnlyOption.LEASE_BASED && !checkQuorum) {
            throw new IllegalArgumentException("'readOnlyOption' LEASE_BASED needs checkQuorum, which keeps the lease");
        }
    }

    private static void require(boolean valid, String name, long value, String rule) {
        if (!valid) {
            throw new IllegalArgumentException("'" + name + "' " + value + " " + rule);
        }
    }

    /** The defaults; id and random are still to be given. */
    public static RaftConfigBuilder builder() {
        return new RaftConfigBuilder()
                .electionTicks(10)
                .heartbeatTicks(1)
                .maxSizePerMsg(Long.MAX_VALUE)
                .maxInflightMsgs(256)
                .maxPendingReads(4096)
                .checkQuorum(true)
                .preVote(true)
                .readOnlyOption(ReadOnlyOption.SAFE)
                .logger(RaftLogger.NONE);
    }
}
