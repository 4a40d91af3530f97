package io.quorate.sim.invariant;

import static io.quorate.fixture.Expected.present;

import io.quorate.raft.Role;
import io.quorate.raft.Status;
import io.quorate.sim.core.Invariant;
import io.quorate.sim.core.MemberView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a leader has committed is on the disks of a quorum of its configuration, of both halves of a joint one. */
final class DurableOnQuorum implements Invariant {

    private final CommitLedger ledger;
    private final Map<Long, MemberView> members = new HashMap<>();
    private final Map<Long, Long> checked = new HashMap<>();

    DurableOnQuorum(CommitLedger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void founded(List<? extends MemberView> founded) {
        founded.forEach(member -> members.put(member.id(), member));
    }

    @Override
    public void stepped(MemberView member) {
        Status status = member.status();
        long before = checked.getOrDefault(member.id(), 0L);
        if (status.role() == Role.LEADER && status.commit() > before) {
            checkHalf(status, status.confState().voters());
            checkHalf(status, status.confState().votersOutgoing());
        }
        checked.put(member.id(), Math.max(before, status.commit()));
    }

    private void checkHalf(Status status, List<Long> voters) {
        long index = status.commit();
        long durable = voters.stream()
                .filter(voter -> present(members.get(voter)).durable().has(index, ledger.term(index)))
                .count();
        Violation.unless(
                voters.isEmpty() || durable > voters.size() / 2,
                "durable on a quorum: %d committed entry %d, which %d of the voters %s have",
                status.id(),
                index,
                durable,
                voters);
    }

    @Override
    public void restarted(MemberView member) {
        checked.put(member.id(), member.status().commit());
    }
}
