package io.quorate.ops;

import io.quorate.raft.ConfState;
import io.quorate.raft.Role;
import lombok.Builder;

/**
 * What a member can say about itself at any moment, from any thread, without waiting.
 *
 * <p>Each method returns a picture of one subject; the parts of one picture belong together as closely as the member's
 * threads allow, two pictures need not.
 */
public interface MemberStatus {

    Identity identity();

    Consensus consensus();

    Store store();

    /** Whether the threads that a member cannot do without run. */
    boolean threadsAlive();

    /** Whether this member is alone in its cluster, and another says that it was founded anew beside one that exists. */
    boolean isFoundedAnew();

    /**
     * The member's identity.
     *
     * @param name from the settings
     * @param memberId derived by etcd's rule
     * @param clusterId derived by etcd's rule
     * @param serverVersion the etcd version whose behaviour is kept, such as 3.7.1
     * @param clusterVersion the version all members agreed on, such as 3.7.0; empty while that is not decided
     */
    record Identity(String name, long memberId, long clusterId, String serverVersion, String clusterVersion) {}

    /**
     * Where consensus stands. Counters start at zero with the process.
     *
     * @param leaderId 0 if none is known
     * @param role of this member
     * @param learner whether this member has no vote
     * @param term newest seen
     * @param committedIndex newest entry known to be committed
     * @param appliedIndex newest entry whose effect can be read
     * @param appliedTerm its term
     * @param diskSnapshotIndex entry covered by the newest snapshot on disk
     * @param memorySnapshotIndex entry covered by the newest snapshot in memory
     * @param confState the configuration in force
     * @param proposalsPending proposals that wait for their result
     * @param schedulerQueueDepth jobs waiting for the thread that applies
     * @param inboxDepth messages and proposals waiting for the consensus thread
     * @param lastFsyncNanos duration of the newest fsync of the log; 0 before the first
     */
    @Builder
    record Consensus(
            long leaderId,
            Role role,
            boolean learner,
            long term,
            long committedIndex,
            long appliedIndex,
            long appliedTerm,
            long diskSnapshotIndex,
            long memorySnapshotIndex,
            ConfState confState,
            long proposalsPending,
            int schedulerQueueDepth,
            int inboxDepth,
            long lastFsyncNanos) {

        public boolean hasLeader() {
            return leaderId != 0;
        }

        public boolean isLeader() {
            return role == Role.LEADER;
        }

        /** Committed entries that cannot be read yet. */
        public long applyGap() {
            return Math.max(0, committedIndex - appliedIndex);
        }
    }

    /**
     * The store of keys. Counters start at zero with the process.
     *
     * @param currentRevision newest revision
     * @param compactedRevision newest revision that was compacted away; -1 if none
     * @param sizeBytes bytes on disk
     * @param sizeInUseBytes bytes of those that hold live data
     * @param quotaBytes size at which writes are refused; 0 if there is no limit
     */
    @Builder
    record Store(long currentRevision, long compactedRevision, long sizeBytes, long sizeInUseBytes, long quotaBytes) {}
}
