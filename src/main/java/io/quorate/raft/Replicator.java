package io.quorate.raft;

import io.quorate.raft.log.Entries;
import io.quorate.raft.log.RaftLog;
import io.quorate.raft.tracker.Progress;
import io.quorate.raft.tracker.ProgressState;
import io.quorate.raft.tracker.ProgressTracker;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends a leader's log, commits and heartbeats to its peers (thesis, sections 3.5 and 10.2). */
final class Replicator {

    private final Raft raft;

    Replicator(Raft raft) {
        this.raft = raft;
    }

    /** Sends every peer what it lacks, or an empty append that tells it the commit index. */
    void broadcast() {
        for (Progress progress : raft.tracker().members()) {
            if (progress.id() != raft.id()) {
                trySend(progress, true);
            }
        }
    }

    /** Sends every peer what it lacks, and nothing to those that lack nothing. */
    void broadcastMissing() {
        for (Progress progress : raft.tracker().members()) {
            if (progress.id() != raft.id()) {
                trySend(progress, false);
            }
        }
    }

    /**
     * Sends a peer the entries that it lacks, or a snapshot when the log no longer reaches back to them. Nothing needs
     * to be durable here before: the entries count as held by this member only by its own acknowledgement.
     *
     * @return whether something was sent
     */
    boolean trySend(Progress progress, boolean evenIfEmpty) {
        if (progress.isPaused()) {
            return false;
        }
        RaftLog log = raft.log();
        long previous = progress.next() - 1;
        long previousTerm = log.term(previous);
        if (previousTerm == RaftLog.UNKNOWN_TERM) {
            return trySendSnapshot(progress);
        }
        List<Entry> entries = List.of();
        // At a full window only an empty append may go out: its answer tells whether what is in flight got lost.
        if (progress.state() != ProgressState.REPLICATE || !progress.inflights().isFull()) {
            try {
                entries = log.entriesFrom(progress.next(), raft.config().maxSizePerMsg());
            } catch (LogStorage.CompactedException _) {
                return trySendSnapshot(progress);
            }
        }
        if (entries.isEmpty() && !evenIfEmpty) {
            return false;
        }
        raft.send(raft.message(MessageType.APP, progress.id())
                .index(previous)
                .logTerm(previousTerm)
                .entries(entries)
                .commit(log.committed())
                .build());
        progress.sentEntries(entries.size(), Entries.payloadSize(entries));
        progress.sentCommit(log.committed());
        return true;
    }

    private boolean trySendSnapshot(Progress progress) {
        String to = Raft.hex(progress.id());
        if (!progress.isRecentlyActive()) {
            raft.logger().debug(() -> "ignore sending snapshot to " + to + " since it is not recently active");
            return false;
        }
        Snapshot snapshot = raft.log().snapshot();
        if (snapshot.isEmpty()) {
            raft.logger().debug(() -> raft.hexId() + " has no snapshot to send to " + to + " yet");
            return false;
        }
        raft.logger()
                .debug(() -> raft.hexId() + " [firstindex: " + raft.log().firstIndex() + ", commit: "
                        + raft.log().committed() + "] sent snapshot[index: " + snapshot.index() + ", term: "
                        + snapshot.term() + "] to " + to + " [" + progress + "]");
        progress.becomeSnapshot(snapshot.index());
        raft.logger()
                .debug(() -> raft.hexId() + " paused sending replication messages to " + to + " [" + progress + "]");
        raft.send(
                raft.message(MessageType.SNAP, progress.id()).snapshot(snapshot).build());
        return true;
    }

    /**
     * Tells every peer that this leader is alive.
     *
     * @param context the tag of a read that waits for the answers; null for none
     */
    void broadcastHeartbeat(byte @Nullable [] context) {
        for (Progress progress : raft.tracker().members()) {
            if (progress.id() != raft.id()) {
                // Only up to what the peer surely has: beyond that its log may differ from ours.
                long commit = Math.min(progress.match(), raft.log().committed());
                raft.send(raft.message(MessageType.HEARTBEAT, progress.id())
                        .commit(commit)
                        .context(context)
                        .build());
                progress.sentCommit(commit);
            }
        }
    }

    /**
     * Commits what a quorum holds. Only an entry of the own term commits by counting, everything before it along with
     * it (thesis, section 3.6.2).
     *
     * @return whether the committed index moved
     */
    boolean advanceCommit() {
        ProgressTracker tracker = raft.tracker();
        long index = tracker.committedIndex();
        if (index <= raft.log().committed() || !raft.log().matchesTerm(index, raft.term())) {
            return false;
        }
        raft.log().commitTo(index);
        return true;
    }
}
