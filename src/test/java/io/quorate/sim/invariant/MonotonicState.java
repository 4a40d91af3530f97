package io.quorate.sim.invariant;

import io.quorate.raft.Status;
import io.quorate.sim.core.Invariant;
import io.quorate.sim.core.MemberView;
import java.util.HashMap;
import java.util.Map;

/** Term and commit only grow, a vote stays, and what is applied is committed and what is committed is in the log. */
final class MonotonicState implements Invariant {

    private final Map<Long, Status> before = new HashMap<>();

    @Override
    public void stepped(MemberView member) {
        Status now = member.status();
        Status last = before.put(member.id(), now);
        Violation.unless(
                now.applied() <= now.commit() && now.commit() <= now.lastIndex(),
                "monotonic state: %d applied %d, committed %d, log ends at %d",
                now.id(),
                now.applied(),
                now.commit(),
                now.lastIndex());
        if (last == null) {
            return;
        }
        boolean voteKept = now.term() > last.term() || last.vote() == 0 || now.vote() == last.vote();
        Violation.unless(
                now.term() >= last.term() && now.commit() >= last.commit() && voteKept,
                "monotonic state: %d went from term %d vote %d commit %d to term %d vote %d commit %d",
                now.id(),
                last.term(),
                last.vote(),
                last.commit(),
                now.term(),
                now.vote(),
                now.commit());
    }

    @Override
    public void restarted(MemberView member) {
        before.remove(member.id());
    }
}
