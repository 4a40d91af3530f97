package io.quorate.sim.invariant;

import io.quorate.raft.Role;
import io.quorate.raft.Status;
import io.quorate.sim.core.Invariant;
import io.quorate.sim.core.MemberView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A leader moves its committed index only to an entry of its own term; what lies before it is committed along with it
 * (thesis, section 3.6.2). What others find out later, and only if a crash comes at the right moment, is seen here at once.
 */
final class CommitOfOwnTerm implements Invariant {

    private final Map<Long, Long> before = new HashMap<>();

    @Override
    public void founded(List<? extends MemberView> members) {
        members.forEach(this::restarted);
    }

    @Override
    public void stepped(MemberView member) {
        Status status = member.status();
        long last = before.put(member.id(), status.commit());
        Violation.unless(
                status.role() != Role.LEADER
                        || status.commit() == last
                        || member.term(status.commit()) == status.term(),
                "commit of the own term: %d, leader of term %d, moved its commit from %d to %d, an entry of term %d",
                member.id(),
                status.term(),
                last,
                status.commit(),
                member.term(status.commit()));
    }

    @Override
    public void restarted(MemberView member) {
        before.put(member.id(), member.status().commit());
    }
}
