package io.quorate.sim.invariant;

import io.quorate.raft.Role;
import io.quorate.raft.Status;
import io.quorate.sim.core.Invariant;
import io.quorate.sim.core.MemberView;
import java.util.HashMap;
import java.util.Map;

/** Election safety: at most one leader in a term. */
final class OneLeaderPerTerm implements Invariant {

    private final Map<Long, Long> leaders = new HashMap<>();

    @Override
    public void stepped(MemberView member) {
        Status status = member.status();
        if (status.role() == Role.LEADER) {
            Long known = leaders.putIfAbsent(status.term(), status.id());
            Violation.unless(
                    known == null || known == status.id(),
                    "one leader per term: %s and %d lead in term %d",
                    known,
                    status.id(),
                    status.term());
        }
    }
}
