package io.quorate.sim.invariant;

import io.quorate.raft.Role;
import io.quorate.raft.Status;
import io.quorate.raft.log.RaftLog;
import io.quorate.sim.core.Invariant;
import io.quorate.sim.core.MemberView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Committed entries are never lost or replaced. Keeps what was ever committed: an entry enters when a leader commits it,
 * and from then on every member that has committed so far has that entry there.
 */
final class CommitLedger implements Invariant {

    /** An entry's term, and the term of the leader that committed it. */
    private record Committed(long term, long committedIn) {}

    private final List<Committed> entries = new ArrayList<>(List.of(new Committed(0, 0)));
    private final Map<Long, Long> checked = new HashMap<>();

    @Override
    public void founded(List<? extends MemberView> members) {
        // The founding snapshot stands for entry 1 of term 1.
        entries.add(new Committed(1, 1));
    }

    /** The highest committed index. */
    long highest() {
        return entries.size() - 1L;
    }

    /** The term of a committed entry. */
    long term(long index) {
        return entries.get((int) index).term();
    }

    /** The highest index that was committed in a term before the given one. */
    long highestCommittedBefore(long term) {
        long index = highest();
        while (index > 0 && entries.get((int) index).committedIn() >= term) {
            index--;
        }
        return index;
    }

    @Override
    public void stepped(MemberView member) {
        Status status = member.status();
        long from = checked.getOrDefault(member.id(), 0L);
        for (long index = from + 1; index <= status.commit(); index++) {
            if (index > highest()) {
                enter(member, status, index);
            }
            compare(member, index);
        }
        compare(member, status.commit());
        checked.put(member.id(), Math.max(from, status.commit()));
    }

    private void enter(MemberView member, Status status, long index) {
        Violation.unless(
                status.role() == Role.LEADER,
                "committed never lost: %s %d has entry %d as committed, which no leader has committed",
                status.role(),
                member.id(),
                index);
        entries.add(new Committed(member.term(index), status.term()));
    }

    private void compare(MemberView member, long index) {
        long term = member.term(index);
        Violation.unless(
                term == RaftLog.UNKNOWN_TERM || term == term(index),
                "committed never lost: entry %d was committed with term %d and has term %d on %d",
                index,
                term(index),
                term,
                member.id());
    }

    @Override
    public void restarted(MemberView member) {
        checked.remove(member.id());
    }
}
