package io.quorate.sim.invariant;

import io.quorate.raft.Entry;
import io.quorate.sim.core.Invariant;
import io.quorate.sim.core.MemberView;
import java.util.HashMap;
import java.util.Map;

/** All state machines take the same committed entry at an index, and are in the same state afterwards. */
final class StateMachineSafety implements Invariant {

    private final CommitLedger ledger;
    private final Map<Long, Long> digests = new HashMap<>();

    StateMachineSafety(CommitLedger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void applied(MemberView member, long previous, Entry entry) {
        Violation.unless(
                entry.index() <= ledger.highest() && ledger.term(entry.index()) == entry.term(),
                "state machine safety: %d applied entry %d of term %d, which is not committed",
                member.id(),
                entry.index(),
                entry.term());
        compare(member, entry.index());
    }

    @Override
    public void installed(MemberView member, long previous, long index) {
        compare(member, index);
    }

    private void compare(MemberView member, long index) {
        Long known = digests.putIfAbsent(index, member.digest());
        Violation.unless(
                known == null || known == member.digest(),
                "state machine safety: the state of %d at %d differs from that of others",
                member.id(),
                index);
    }
}
