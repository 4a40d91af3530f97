package io.quorate.node;

import io.quorate.base.Fault;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.HardState;
import io.quorate.raft.LogStorage;
import io.quorate.raft.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * The durable part of the log, kept in memory above the compacted prefix; the write-ahead log is its copy on disk.
 *
 * <p>Owned by the {@code raft-node} thread. Everything in here was fsynced before it was put here.
 */
public final class RaftStorage implements LogStorage {

    private final ConfState confState;

    /** The newest hard state that is durable. Its commit index never exceeds the last entry or the snapshot. */
    private HardState hardState;

    /** The newest snapshot that is durable. Its index never decreases. */
    private Snapshot snapshot;

    /**
     * The index below the first entry that is kept. Never decreases, and never exceeds the newest snapshot's
     * index.
     */
    private long compactedIndex;

    /** The term of the entry at {@link #compactedIndex}, which appends are still checked against. */
    private long compactedTerm;

    /** The entries from {@code compactedIndex + 1} on, without gaps, behind {@link #head} slots that were dropped. */
    private List<Entry> entries;

    /** How many slots at the front of {@link #entries} were compacted and not removed yet. */
    private int head;
    /** Bytes of data of all entries. */
    private long bytes;

    /**
     * @param snapshot the state that the log starts from; {@link Snapshot#EMPTY} for a new member
     * @param hardState as recovered from the log
     * @param recovered the entries above the snapshot, without gaps
     */
    public RaftStorage(Snapshot snapshot, HardState hardState, List<Entry> recovered) {
        this(snapshot, hardState, recovered, snapshot.confState());
    }

    /**
     * @param confState the configuration to start with, which may be newer than the snapshot's: the state machine is ahead
     *     of it, and changes up to there have no effect when they are replayed
     */
    public RaftStorage(Snapshot snapshot, HardState hardState, List<Entry> recovered, ConfState confState) {
        this.confState = confState;
        this.snapshot = snapshot;
        this.hardState = hardState;
        this.compactedIndex = snapshot.index();
        this.compactedTerm = snapshot.term();
        this.entries = new ArrayList<>(recovered);
        this.bytes = dataBytes(recovered);
        Fault.check(
                recovered.isEmpty() || recovered.getFirst().index() == compactedIndex + 1,
                "log starts at %d, expected %d",
                recovered.isEmpty() ? 0 : recovered.getFirst().index(),
                compactedIndex + 1);
    }

    /** The snapshot's metadata from which the run loop starts. */
    @Override
    public Snapshot snapshot() {
        return snapshot;
    }

    @Override
    public InitialState initialState() {
        return new InitialState(hardState, confState);
    }

    @Override
    public List<Entry> entries(long low, long high, long maxBytes) {
        if (low <= compactedIndex) {
            throw new CompactedException(low, firstIndex());
        }
        if (high > lastIndex() + 1) {
            throw new UnavailableException(high - 1, lastIndex());
        }
        int from = position(low);
        int to = from;
        long bytes = 0;
        while (to < position(high)) {
            bytes += entries.get(to).encodedSize();
            if (bytes > maxBytes && to > from) {
                break;
            }
            to++;
        }
        return List.copyOf(entries.subList(from, to));
    }

    @Override
    public long term(long index) {
        if (index == compactedIndex) {
            return compactedTerm;
        }
        if (index < compactedIndex) {
            throw new CompactedException(index, firstIndex());
        }
        if (index > lastIndex()) {
            throw new UnavailableException(index, lastIndex());
        }
        return entries.get(position(index)).term();
    }

    @Override
    public long firstIndex() {
        return compactedIndex + 1;
    }

    @Override
    public long lastIndex() {
        return compactedIndex + entries.size() - head;
    }

    /** Adds entries that are durable now; they replace what a former leader left at the same places. */
    void append(List<Entry> durable) {
        for (Entry entry : durable) {
            if (entry.index() <= compactedIndex) {
                continue;
            }
            Fault.check(entry.index() <= lastIndex() + 1, "entry %d leaves a gap after %d", entry.index(), lastIndex());
            if (entry.index() <= lastIndex()) {
                List<Entry> replaced = entries.subList(position(entry.index()), entries.size());
                bytes -= dataBytes(replaced);
                replaced.clear();
            }
            entries.add(entry);
            bytes += entry.data().length;
        }
    }

    void setHardState(HardState durable) {
        hardState = durable;
    }

    /** Replaces the whole log by a snapshot that is durable now. */
    void install(Snapshot durable) {
        if (durable.index() <= snapshot.index()) {
            return;
        }
        snapshot = durable;
        compactedIndex = durable.index();
        compactedTerm = durable.term();
        entries = new ArrayList<>();
        head = 0;
        bytes = 0;
    }

    /** Remembers a snapshot of this member's own state, to be sent to members that lag behind the log. */
    void snapshotTaken(long index, ConfState confState) {
        if (index > snapshot.index()) {
            snapshot = new Snapshot(index, term(index), confState, new byte[0]);
        }
    }

    /**
     * Forgets all entries up to and including the index, but for the last ones among them: at most so many, with at most so
     * much data.
     */
    void compact(long index, long keepEntries, long keepBytes) {
        if (index <= compactedIndex) {
            return; // the leader's snapshot was faster than the own one, which was taken before
        }
        long held = bytes - dataBytes(entries.subList(position(index) + 1, entries.size()));
        long target = compactedIndex;
        while (target < index && (index - target > keepEntries || held > keepBytes)) {
            target++;
            held -= entries.get(position(target)).data().length;
        }
        compact(target);
    }

    /** Forgets all entries up to and including the index. */
    void compact(long index) {
        if (index <= compactedIndex) {
            return;
        }
        Fault.check(index <= lastIndex(), "compact to %d is beyond the last entry %d", index, lastIndex());
        compactedTerm = term(index);
        int keepFrom = position(index) + 1;
        for (int i = head; i < keepFrom; i++) {
            bytes -= entries.set(i, FORGOTTEN).data().length;
        }
        head = keepFrom;
        compactedIndex = index;
        if (head > entries.size() / 2) {
            entries = new ArrayList<>(entries.subList(head, entries.size()));
            head = 0;
        }
    }

    private static final Entry FORGOTTEN = Entry.empty(0, 0);

    private static long dataBytes(List<Entry> some) {
        long sum = 0;
        for (Entry entry : some) {
            sum += entry.data().length;
        }
        return sum;
    }

    private int position(long index) {
        return head + (int) (index - compactedIndex - 1);
    }
}
