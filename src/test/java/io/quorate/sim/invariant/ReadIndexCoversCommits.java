package io.quorate.sim.invariant;

import io.quorate.sim.core.Invariant;
import io.quorate.sim.core.MemberView;
import java.util.HashMap;
import java.util.Map;

/** A read index is not below what anybody had committed when it was asked for (thesis, section 6.4). */
final class ReadIndexCoversCommits implements Invariant {

    private final CommitLedger ledger;
    private final Map<Long, Long> floors = new HashMap<>();

    ReadIndexCoversCommits(CommitLedger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void readRequested(MemberView member, long request) {
        floors.put(request, ledger.highest());
    }

    @Override
    public void readAnswered(MemberView member, long request, long index) {
        long floor = floors.getOrDefault(request, 0L);
        Violation.unless(
                index >= floor,
                "read index covers commits: %d may read at %d, committed was %d at the request",
                member.id(),
                index,
                floor);
    }
}
