package io.quorate.node.wal;

import io.quorate.raft.Entry;
import io.quorate.raft.HardState;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts the records of a log together to what the member knew: the entries behind a snapshot and the last hard state.
 *
 * <p>An entry at an index that the log already has means that a new leader replaced the log from there on: the later one
 * counts and what followed the earlier one is gone. A snapshot note whose index the log does not have with that term means
 * that the snapshot came from the leader in place of the log: everything before and behind it is gone. For example
 * {@code e1 e2 e3 e2' s9 e10} is the log {@code e10} behind snapshot 9.
 *
 * <p>Used by one thread, at the start of a member.
 */
final class LogReplay implements RecordSink {

    /**
     * No member runs this many elections. A hard state whose type number was damaged can look like an entry whose term is
     * the id of a member, a random number of 64 bits.
     */
    private static final long TERM_JUMP_MAX = 1L << 32;

    private final WalSnapshot from;
    private final List<Entry> entries = new ArrayList<>();

    private HardState state = HardState.EMPTY;
    private boolean fromFound;
    private long base;
    private long baseTerm;
    private boolean baseTermKnown;
    private long last;

    /**
     * @param from the snapshot to begin behind
     * @param last the index at which the log ended before the first record that will come
     */
    LogReplay(WalSnapshot from, long last) {
        this.from = from;
        this.base = from.index();
        this.last = last;
        this.baseTermKnown = from.index() == 0;
    }

    @Override
    public void entry(Entry entry) throws InconsistentLogException {
        long index = entry.index();
        if (index < 1 || entry.term() < 1) {
            throw new InconsistentLogException("an entry with index " + index + " and term " + entry.term());
        }
        if (index > last + 1) {
            throw new InconsistentLogException(
                    "entry " + index + " follows entry " + last + ", those between are missing");
        }
        if (entry.term() - state.term() > TERM_JUMP_MAX) {
            throw new InconsistentLogException(
                    "entry " + index + " of term " + entry.term() + " in term " + state.term());
        }
        cutFrom(index);
        checkTerm(entry);
        if (index > base) {
            entries.add(entry);
        } else if (index == base) {
            baseTerm = entry.term();
            baseTermKnown = true;
        }
        last = index;
    }

    /** Drops what a new leader replaces. */
    private void cutFrom(long index) {
        if (index <= base) {
            entries.clear();
            baseTermKnown = false;
        } else {
            entries.subList((int) (index - base - 1), entries.size()).clear();
        }
    }

    private void checkTerm(Entry entry) throws InconsistentLogException {
        long before = entries.isEmpty()
                ? knownBaseTerm(entry.index())
                : entries.getLast().term();
        if (entry.term() < before) {
            throw new InconsistentLogException(
                    "entry " + entry.index() + " of term " + entry.term() + " follows one of term " + before);
        }
    }

    private long knownBaseTerm(long index) {
        return baseTermKnown && index == base + 1 ? baseTerm : 0;
    }

    @Override
    public void state(HardState next) throws InconsistentLogException {
        if (next.term() < 1 || next.term() < state.term() || next.commit() < state.commit()) {
            throw new InconsistentLogException(next + " follows " + state);
        }
        if (next.commit() > last) {
            throw new InconsistentLogException(
                    "the hard state commits entry " + next.commit() + " but the log ends at " + last);
        }
        state = next;
    }

    @Override
    public void snapshot(WalSnapshot snapshot) throws InconsistentLogException {
        long index = snapshot.index();
        if (index == from.index()) {
            if (snapshot.term() != from.term()) {
                throw new InconsistentLogException(
                        "snapshot " + index + " of term " + snapshot.term() + ", expected term " + from.term());
            }
            fromFound = true;
        }
        if (index >= base && !hasEntry(index, snapshot.term())) {
            entries.clear();
            base = index;
            baseTerm = snapshot.term();
            baseTermKnown = true;
            last = index;
        } else if (index > last) {
            last = index; // an earlier snapshot that came in place of entries
        }
    }

    private boolean hasEntry(long index, long term) {
        if (index > last) {
            return false;
        }
        if (index == base) {
            return !baseTermKnown || baseTerm == term;
        }
        return entries.get((int) (index - base - 1)).term() == term;
    }

    /** Checks what can only be known at the end. */
    void finish() throws InconsistentLogException {
        if (!fromFound) {
            throw new InconsistentLogException(
                    "the snapshot at index " + from.index() + " of term " + from.term() + " is not noted in the log");
        }
        if (base != from.index()) {
            throw new InconsistentLogException("the log goes on behind the snapshot at index " + base
                    + " and cannot be read from the one at index " + from.index());
        }
        if (state.commit() < from.index() && !state.isEmpty()) {
            throw new InconsistentLogException("the hard state commits entry " + state.commit()
                    + ", less than the snapshot at index " + from.index());
        }
        if (last < from.index()) {
            throw new InconsistentLogException("the log ends at " + last + ", before the snapshot at " + from.index());
        }
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    HardState state() {
        return state;
    }

    /** The index at which the log ends. */
    long last() {
        return last;
    }
}
