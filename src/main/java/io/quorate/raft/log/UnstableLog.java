package io.quorate.raft.log;

import io.quorate.raft.Entry;
import io.quorate.raft.RaftLogger;
import io.quorate.raft.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of the log that stable storage has not confirmed: a snapshot that was received, and entries from
 * {@code offset} on. What lies below {@code offsetInProgress} was handed out to be written.
 *
 * <p>Worked example: entries 5 to 7 are in here (offset 5) and nothing is handed out (in progress 5). A Ready takes all
 * of them: in progress 8. Entry 8 arrives. Storage confirms 7: offset 8, in progress 8, entry 8 remains. Had a new
 * leader replaced entry 6 before the confirmation, in progress would have fallen back to 6, and the confirmation of the
 * old 7 would not match by its term and be ignored.
 *
 * <p>One thread at a time: the owner of the {@link io.quorate.raft.RawNode}.
 */
final class UnstableLog {

    private final RaftLogger logger;
    private final EntryQueue entries = new EntryQueue();

    /**
     * The index of the first entry in {@link #entries}: all below it are in stable storage, or in the snapshot.
     * Raised by confirmations, lowered when a leader replaces entries.
     */
    private long offset;

    /**
     * Entries in {@code [offset, offsetInProgress)} were handed out to be written. Invariant: {@code offset <=
     * offsetInProgress <= offset + entries.size()}.
     */
    private long offsetInProgress;

    /**
     * A received snapshot that storage has not confirmed; its index is below {@link #offset}. Null when there
     * is none.
     */
    private @Nullable Snapshot snapshot;

    /** Whether {@link #snapshot} was handed out to be installed. False whenever there is no snapshot. */
    private boolean snapshotInProgress;

    UnstableLog(long offset, RaftLogger logger) {
        this.offset = offset;
        this.offsetInProgress = offset;
        this.logger = logger;
    }

    long offset() {
        return offset;
    }

    long offsetInProgress() {
        return offsetInProgress;
    }

    int size() {
        return entries.size();
    }

    @Nullable
    Snapshot snapshot() {
        return snapshot;
    }

    @Nullable
    Snapshot nextSnapshot() {
        return snapshotInProgress ? null : snapshot;
    }

    /** The index after the last entry or, without entries, after the snapshot; only then the offset says it. */
    long end() {
        return offset + entries.size();
    }

    /** Whether the last index of the log is known from here. */
    boolean knowsLastIndex() {
        return entries.size() > 0 || snapshot != null;
    }

    /** The term of an entry of this part, or {@link RaftLog#UNKNOWN_TERM}. */
    long term(long index) {
        if (index < offset) {
            Snapshot known = snapshot;
            return known != null && known.index() == index ? known.term() : RaftLog.UNKNOWN_TERM;
        }
        return index < end() ? entries.get((int) (index - offset)).term() : RaftLog.UNKNOWN_TERM;
    }

    boolean hasNextEntries() {
        return end() > offsetInProgress;
    }

    /** The entries that were not handed to the append thread yet. */
    List<Entry> nextEntries() {
        return entries.slice((int) (offsetInProgress - offset), entries.size());
    }

    List<Entry> slice(long low, long high, long maxBytes) {
        return entries.slice((int) (low - offset), (int) (high - offset), maxBytes);
    }

    /** Everything in here was handed out to be written. */
    void acceptInProgress() {
        offsetInProgress = end();
        snapshotInProgress = snapshot != null;
    }

    /**
     * Storage has written up to an entry. The term is compared, since the entry at that index may have been replaced by
     * a new leader while the old one was being written; then the new one is not stable yet.
     */
    void stableTo(long index, long term) {
        long known = term(index);
        if (known == RaftLog.UNKNOWN_TERM) {
            logger.info(() -> "entry at index " + index + " missing from unstable log; ignoring");
        } else if (index < offset) {
            logger.info(() -> "entry at index " + index + " matched unstable snapshot; ignoring");
        } else if (known != term) {
            logger.info(() -> "entry at (index,term)=(" + index + "," + term + ") mismatched with entry at (" + index
                    + "," + known + ") in unstable log; ignoring");
        } else {
            entries.dropFirst((int) (index + 1 - offset));
            offset = index + 1;
            offsetInProgress = Math.max(offsetInProgress, offset);
        }
    }

    /** Storage has installed the snapshot of an index. */
    void stableSnapshotTo(long index) {
        Snapshot known = snapshot;
        if (known != null && known.index() == index) {
            snapshot = null;
            snapshotInProgress = false;
        }
    }

    /** Everything before a received snapshot is history. */
    void restore(Snapshot received) {
        entries.clear();
        offset = received.index() + 1;
        offsetInProgress = offset;
        snapshot = received;
        snapshotInProgress = false;
    }

    /** Adds entries, replacing what is there from their first index on. */
    void truncateAndAppend(List<Entry> appended) {
        long first = appended.getFirst().index();
        if (first < end()) {
            cutFrom(first);
        }
        entries.addAll(appended);
    }

    private void cutFrom(long first) {
        if (first <= offset) {
            logger.info(() -> "replace the unstable entries from index " + first);
            entries.clear();
            offset = first;
            offsetInProgress = first;
        } else {
            logger.info(() -> "truncate the unstable entries before index " + first);
            entries.truncate((int) (first - offset));
            offsetInProgress = Math.min(offsetInProgress, first);
        }
    }
}
