package io.quorate.sim.core;

import io.quorate.raft.Entry;
import io.quorate.raft.HardState;
import io.quorate.raft.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** What a log on disk says: the newest snapshot, the entries behind it and the last hard state. */
public final class LogImage {

    private Snapshot snapshot = Snapshot.EMPTY;
    private HardState hardState = HardState.EMPTY;
    private final List<Entry> entries = new ArrayList<>();

    /** A record of the log. */
    sealed interface Record {

        /** An entry; it replaces what was at its index and behind. */
        record OfEntry(Entry entry) implements Record {}

        /** A hard state. */
        record OfState(HardState state) implements Record {}

        /** A snapshot from the leader, in place of what came before unless the log agrees with it. */
        record OfSnapshot(Snapshot snapshot) implements Record {}
    }

    void apply(Record record) {
        switch (record) {
            case Record.OfEntry(Entry entry) -> append(entry);
            case Record.OfState(HardState state) -> hardState = state;
            case Record.OfSnapshot(Snapshot received) -> install(received);
        }
    }

    private void append(Entry entry) {
        if (entry.index() <= snapshot.index()) {
            return;
        }
        if (entry.index() > lastIndex() + 1) {
            throw new AssertionError("entry " + entry.index() + " written behind " + lastIndex());
        }
        entries.subList(position(entry.index()), entries.size()).clear();
        entries.add(entry);
    }

    /** Takes a snapshot of this member's or the leader's. */
    void install(Snapshot taken) {
        if (taken.index() <= snapshot.index()) {
            return;
        }
        if (taken.index() <= lastIndex() && term(taken.index()) == taken.term()) {
            entries.subList(0, position(taken.index()) + 1).clear();
        } else {
            entries.clear();
        }
        snapshot = taken;
    }

    /** Forgets everything behind an index, as only a broken log does. */
    public void truncateBehind(long index) {
        long kept = Math.max(index, snapshot.index());
        if (kept < lastIndex()) {
            entries.subList(position(kept + 1), entries.size()).clear();
            hardState = new HardState(hardState.term(), hardState.vote(), Math.min(hardState.commit(), kept));
        }
    }

    /** Replaces the hard state, as only a broken log does. */
    public void setHardState(HardState state) {
        hardState = state;
    }

    private int position(long index) {
        return (int) (index - snapshot.index() - 1);
    }

    public Snapshot snapshot() {
        return snapshot;
    }

    public HardState hardState() {
        return hardState;
    }

    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    public long lastIndex() {
        return snapshot.index() + entries.size();
    }

    /** Whether the entry is in the log, or in the snapshot. */
    public boolean has(long index, long term) {
        return index <= snapshot.index() || (index <= lastIndex() && term(index) == term);
    }

    private long term(long index) {
        return index == snapshot.index()
                ? snapshot.term()
                : entries.get(position(index)).term();
    }
}
