package io.quorate.raft;

import io.quorate.raft.log.Entries;
import java.util.ArrayList;
import java.util.List;

/** Stable storage on the heap. Slot 0 stands for the compacted prefix: only its index and term are known. */
public class MemoryLogStorage implements LogStorage {

    private final List<Entry> slots = new ArrayList<>(List.of(Entry.empty(0, 0)));
    private HardState hardState = HardState.EMPTY;
    private Snapshot snapshot = Snapshot.EMPTY;
    private ConfState confState = ConfState.EMPTY;

    @Override
    public InitialState initialState() {
        return new InitialState(hardState, confState);
    }

    @Override
    public List<Entry> entries(long low, long high, long maxBytes) {
        checkReadable(low);
        if (high > lastIndex() + 1) {
            throw new UnavailableException(high - 1, lastIndex());
        }
        return Entries.limit(List.copyOf(slots.subList(slot(low), slot(high))), maxBytes);
    }

    private void checkReadable(long low) {
        if (low < firstIndex()) {
            throw new CompactedException(low, firstIndex());
        }
    }

    @Override
    public long term(long index) {
        if (index < offset()) {
            throw new CompactedException(index, firstIndex());
        }
        if (index > lastIndex()) {
            throw new UnavailableException(index, lastIndex());
        }
        return slots.get(slot(index)).term();
    }

    @Override
    public long firstIndex() {
        return offset() + 1;
    }

    @Override
    public long lastIndex() {
        return offset() + slots.size() - 1;
    }

    private long offset() {
        return slots.getFirst().index();
    }

    private int slot(long index) {
        return (int) (index - offset());
    }

    @Override
    public Snapshot snapshot() {
        return snapshot;
    }

    public void setHardState(HardState state) {
        hardState = state;
    }

    /** The configuration to start from; storage that was never given a snapshot has to be told. */
    public void setConfState(ConfState state) {
        confState = state;
    }

    /** Writes entries, over those that are there from their first index on. */
    public void append(List<Entry> entries) {
        List<Entry> kept =
                entries.stream().filter(entry -> entry.index() >= firstIndex()).toList();
        if (kept.isEmpty()) {
            return;
        }
        long first = kept.getFirst().index();
        if (first > lastIndex() + 1) {
            throw new IllegalStateException("gap between " + lastIndex() + " and " + first);
        }
        slots.subList(slot(first), slots.size()).clear();
        slots.addAll(kept);
    }

    /** Replaces everything by a snapshot. */
    public void install(Snapshot received) {
        if (received.index() <= snapshot.index()) {
            throw new IllegalStateException("requested index is older than the existing snapshot");
        }
        snapshot = received;
        confState = received.confState();
        slots.clear();
        slots.add(Entry.empty(received.term(), received.index()));
    }

    /** Forgets the entries up to an index, except for the term of the last of them. */
    public void compact(long index) {
        if (index <= offset()) {
            throw new IllegalStateException("requested index is unavailable due to compaction");
        }
        Entry last = slots.get(slot(index));
        slots.subList(0, slot(index) + 1).clear();
        slots.addFirst(Entry.empty(last.term(), last.index()));
    }
}
