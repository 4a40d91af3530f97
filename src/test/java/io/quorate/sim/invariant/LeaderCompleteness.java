package io.quorate.sim.invariant;

import io.quorate.raft.Role;
import io.quorate.raft.Status;
import io.quorate.raft.log.RaftLog;
import io.quorate.sim.core.Invariant;
import io.quorate.sim.core.MemberView;
import java.util.HashMap;
import java.util.Map;

/** A leader has every entry that was committed in an earlier term. With matching logs, looking at the last one is enough. */
final class LeaderCompleteness implements Invariant {

    private final CommitLedger ledger;
    private final Map<Long, Long> lastTermLed = new HashMap<>();

    LeaderCompleteness(CommitLedger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void stepped(MemberView member) {
        Status status = member.status();
        if (status.role() != Role.LEADER || lastTermLed.getOrDefault(member.id(), 0L) == status.term()) {
            return;
        }
        lastTermLed.put(member.id(), status.term());
        long committed = ledger.highestCommittedBefore(status.term());
        long term = member.term(committed);
        boolean compacted = term == RaftLog.UNKNOWN_TERM && committed <= status.commit();
        Violation.unless(
                compacted || term == ledger.term(committed),
                "leader completeness: %d leads in term %d without the committed entry %d of term %d",
                member.id(),
                status.term(),
                committed,
                ledger.term(committed));
    }
}
