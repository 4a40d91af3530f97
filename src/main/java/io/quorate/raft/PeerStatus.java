package io.quorate.raft;

import io.quorate.raft.tracker.Progress;
import io.quorate.raft.tracker.ProgressState;

/**
 * How far a leader has come with a member.
 *
 * @param id the member
 * @param state how it is replicated to
 * @param match the last index that it is known to have
 * @param next the index to send next
 * @param learner whether it is a learner
 * @param recentlyActive whether it was heard of since the last check of the quorum
 * @param paused whether nothing is sent to it now
 * @param pendingSnapshot the index of the snapshot under way to it; 0 for none
 * @param inflight appends that it has not acknowledged
 */
public record PeerStatus(
        long id,
        ProgressState state,
        long match,
        long next,
        boolean learner,
        boolean recentlyActive,
        boolean paused,
        long pendingSnapshot,
        int inflight) {

    static PeerStatus of(Progress progress) {
        return new PeerStatus(
                progress.id(),
                progress.state(),
                progress.match(),
                progress.next(),
                progress.isLearner(),
                progress.isRecentlyActive(),
                progress.isPaused(),
                progress.pendingSnapshot(),
                progress.inflights().count());
    }
}
