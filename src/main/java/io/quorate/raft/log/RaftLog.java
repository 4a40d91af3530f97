package io.quorate.raft.log;

import io.quorate.base.Fault;
import io.quorate.base.LostLogException;
import io.quorate.raft.Entry;
import io.quorate.raft.LogStorage;
import io.quorate.raft.RaftLogger;
import io.quorate.raft.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole log, and how far it is committed and applied. {@code applying} is what was handed out to be applied,
 * {@code applied} what is confirmed; the bytes in between are limited.
 *
 * <p>One thread at a time: the owner of the {@link io.quorate.raft.RawNode}.
 */
public final class RaftLog {

    /** What {@link #term} answers outside of the log. */
    public static final long UNKNOWN_TERM = -1;

    private final LogStorage storage;
    private final RaftLogger logger;
    private final UnstableLog unstable;
    private final long applyingBytesMax;

    /**
     * The highest index known to be on a quorum's stable storage. Raised by {@link #commitTo}; never decreases.
     * Invariant: {@code applied <= applying <= committed <= lastIndex()}.
     */
    private long committed;

    /**
     * The highest index handed out to be applied. Raised when committed entries are handed out; never
     * decreases. Invariant: {@code applied <= applying <= committed}.
     */
    private long applying;

    /**
     * The highest index that the application has confirmed as applied. Never decreases, and never exceeds
     * {@link #applying}.
     */
    private long applied;

    /**
     * Encoded bytes of the entries in {@code (applied, applying]}. Grows when entries are handed out, shrinks
     * when they are confirmed.
     */
    private long applyingBytes;

    /**
     * Whether {@link #applyingBytes} has reached its limit: no more entries are handed out until some are
     * confirmed.
     */
    private boolean applyingPaused;

    /**
     * The log as stable storage has it.
     *
     * @param applyingBytesMax encoded size of entries that may be handed out and not yet confirmed as applied
     */
    public RaftLog(LogStorage storage, long applyingBytesMax, RaftLogger logger) {
        this.storage = storage;
        this.logger = logger;
        this.applyingBytesMax = applyingBytesMax;
        this.unstable = new UnstableLog(storage.lastIndex() + 1, logger);
        this.committed = storage.firstIndex() - 1;
        this.applying = committed;
        this.applied = committed;
    }

    public long committed() {
        return committed;
    }

    public long applied() {
        return applied;
    }

    /** The lowest readable entry. */
    public long firstIndex() {
        Snapshot snapshot = unstable.snapshot();
        return snapshot != null ? snapshot.index() + 1 : storage.firstIndex();
    }

    public long lastIndex() {
        return unstable.knowsLastIndex() ? unstable.end() - 1 : storage.lastIndex();
    }

    public long lastTerm() {
        long term = term(lastIndex());
        Fault.check(term != UNKNOWN_TERM, "the term of the last entry %d is unknown", lastIndex());
        return term;
    }

    /** The term of an entry from {@code firstIndex() - 1} to {@code lastIndex()}, else {@link #UNKNOWN_TERM}. */
    public long term(long index) {
        long term = unstable.term(index);
        if (term != UNKNOWN_TERM) {
            return term;
        }
        if (index < firstIndex() - 1 || index > lastIndex()) {
            return UNKNOWN_TERM;
        }
        try {
            return storage.term(index);
        } catch (LogStorage.CompactedException _) {
            // The storage may compact on its own between two calls; for the core that is the same as never had.
            return UNKNOWN_TERM;
        }
    }

    /** The same for diagnostic lines, where an unknown term shows as 0. */
    public long termOrZero(long index) {
        return Math.max(0, term(index));
    }

    public boolean matchesTerm(long index, long term) {
        return term(index) == term;
    }

    /** Whether a log with this end is at least as complete as ours (thesis, section 3.6.1). */
    public boolean isUpToDate(long otherLastIndex, long otherLastTerm) {
        long ownTerm = lastTerm();
        return otherLastTerm > ownTerm || (otherLastTerm == ownTerm && otherLastIndex >= lastIndex());
    }

    /** Adds a leader's own new entries; they must not reach below what is committed. */
    public void append(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        long before = entries.getFirst().index() - 1;
        Fault.check(before >= committed, "appending after %d would overwrite what is committed, %d", before, committed);
        unstable.truncateAndAppend(entries);
    }

    /**
     * Adds what a leader sent, from the first entry on that differs (thesis, section 3.5). Entries that are there
     * already are left alone: a late message must not cut off what a newer one brought.
     *
     * @return whether the entry before them matches; if not, nothing happens
     */
    public boolean appendAfter(long previousIndex, long previousTerm, List<Entry> entries, long leaderCommit) {
        if (!matchesTerm(previousIndex, previousTerm)) {
            return false;
        }
        int first = firstDifference(entries);
        if (first < entries.size()) {
            long index = entries.get(first).index();
            Fault.check(
                    index > committed, "entry %d conflicts with committed entry, committed is %d", index, committed);
            append(entries.subList(first, entries.size()));
        }
        commitTo(Math.min(leaderCommit, previousIndex + entries.size()));
        return true;
    }

    private int firstDifference(List<Entry> entries) {
        int position = 0;
        for (; position < entries.size(); position++) {
            Entry entry = entries.get(position);
            if (!matchesTerm(entry.index(), entry.term())) {
                if (entry.index() <= lastIndex()) {
                    logger.info(() -> "found conflict at index " + entry.index() + " [existing term: "
                            + termOrZero(entry.index()) + ", conflicting term: " + entry.term() + "]");
                }
                break;
            }
        }
        return position;
    }

    /**
     * The highest index at or below the given one whose term is not above the given one, or is not known: where another
     * log with that term can at best agree with ours. Skips a whole term at once instead of one entry a message
     * (thesis, end of section 3.5).
     */
    public long lastIndexNotAbove(long index, long term) {
        long candidate = index;
        while (candidate > 0) {
            long own = term(candidate);
            if (own == UNKNOWN_TERM || own <= term) {
                break;
            }
            candidate--;
        }
        return candidate;
    }

    /** Raises the committed index; never lowers it. */
    public void commitTo(long index) {
        if (index > committed) {
            if (index > lastIndex()) {
                throw lostEntries(index);
            }
            committed = index;
        }
    }

    /** A leader never tells a member to commit what that member has not acknowledged (thesis, section 3.5). */
    private LostLogException lostEntries(long index) {
        return new LostLogException(
                "commit " + index + " is out of range, the log ends at " + lastIndex()
                        + ": this member has acknowledged entries that its log does not hold",
                "The log was cut, is an old copy, or comes from another disk: with the right one in place nothing is lost. If"
                        + " it is gone, remove the member from its cluster (etcdctl member remove), set the data directory"
                        + " aside and add it anew.");
    }

    /** Entries from an index on, at least one if there is any, within the byte limit. */
    public List<Entry> entriesFrom(long index, long maxBytes) {
        return index > lastIndex() ? List.of() : slice(index, lastIndex() + 1, maxBytes);
    }

    /** Entries from {@code low} to below {@code high}, at least one, within the byte limit. */
    public List<Entry> slice(long low, long high, long maxBytes) {
        long offset = unstable.offset();
        if (low >= offset) {
            return unstable.slice(low, high, maxBytes);
        }
        long stableEnd = Math.min(high, offset);
        List<Entry> stable = storage.entries(low, stableEnd, maxBytes);
        if (high <= offset || stable.size() < stableEnd - low) {
            return stable;
        }
        long rest = maxBytes - Entries.encodedSize(stable);
        List<Entry> tail = unstable.slice(offset, high, rest);
        if (tail.size() == 1 && tail.getFirst().encodedSize() > rest) {
            return stable;
        }
        return Entries.concat(stable, tail);
    }

    public boolean hasNextUnstableEntries() {
        return unstable.hasNextEntries();
    }

    /** Entries that were not handed to the append thread yet. */
    public List<Entry> nextUnstableEntries() {
        return unstable.nextEntries();
    }

    /** Whether entries wait to be written or are being written. */
    public boolean hasUnstableEntries() {
        return unstable.size() > 0;
    }

    /** The received snapshot that was not handed to the append thread yet. */
    public @Nullable Snapshot nextUnstableSnapshot() {
        return unstable.nextSnapshot();
    }

    /** Whether a received snapshot is not installed yet. */
    public boolean hasUnstableSnapshot() {
        return unstable.snapshot() != null;
    }

    /** What was not being written yet was handed out. */
    public void acceptUnstable() {
        unstable.acceptInProgress();
    }

    public void stableTo(long index, long term) {
        unstable.stableTo(index, term);
    }

    public void stableSnapshotTo(long index) {
        unstable.stableSnapshotTo(index);
    }

    /**
     * Whether there is something to apply.
     *
     * @param allowUnstable whether entries may be applied before this member has written them itself; only with
     *     synchronous storage writes, where writing comes first anyway
     */
    public boolean hasNextCommitted(boolean allowUnstable) {
        return !applyingPaused && !hasUnstableSnapshot() && applying < maxAppliable(allowUnstable);
    }

    /** What is to be applied next, in pages of limited size. */
    public List<Entry> nextCommitted(boolean allowUnstable) {
        if (!hasNextCommitted(allowUnstable)) {
            return List.of();
        }
        return slice(applying + 1, maxAppliable(allowUnstable) + 1, applyingBytesMax - applyingBytes);
    }

    private long maxAppliable(boolean allowUnstable) {
        return allowUnstable ? committed : Math.min(committed, unstable.offset() - 1);
    }

    /** A page of committed entries was handed out. */
    public void acceptApplying(List<Entry> page, boolean allowUnstable) {
        applying = page.getLast().index();
        applyingBytes += Entries.encodedSize(page);
        // A page that was cut short means that the limit was met, even if the sum happens to be below it.
        applyingPaused = applyingBytes >= applyingBytesMax || applying < maxAppliable(allowUnstable);
    }

    /** Entries up to an index are applied, of so many bytes of those that were handed out. */
    public void appliedTo(long index, long bytes) {
        Fault.check(
                index >= applied && index <= committed,
                "applied %d is out of range [%d, %d] from applied to committed",
                index,
                applied,
                committed);
        applied = index;
        applying = Math.max(applying, index);
        applyingBytes = Math.max(0, applyingBytes - bytes);
        applyingPaused = applyingBytes >= applyingBytesMax;
    }

    /** The newest snapshot: the one being installed, else that of storage. */
    public Snapshot snapshot() {
        Snapshot received = unstable.snapshot();
        return received != null ? received : storage.snapshot();
    }

    /** Replaces the log by a received snapshot, which counts as committed. */
    public void restore(Snapshot snapshot) {
        logger.info(() -> "log [" + this + "] starts to restore snapshot [index: " + snapshot.index() + ", term: "
                + snapshot.term() + "]");
        committed = snapshot.index();
        unstable.restore(snapshot);
    }

    /** Positions, for diagnostic lines. */
    @Override
    public String toString() {
        return "committed=" + committed + ", applied=" + applied + ", applying=" + applying + ", unstable.offset="
                + unstable.offset() + ", unstable.offsetInProgress=" + unstable.offsetInProgress()
                + ", len(unstable.Entries)=" + unstable.size();
    }
}
