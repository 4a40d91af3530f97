package io.quorate.sim.invariant;

import io.quorate.raft.Entry;
import io.quorate.sim.core.Invariant;
import io.quorate.sim.core.MemberView;

/** A state machine takes every entry once, in order; a snapshot only takes it forward. */
final class AppliedInOrder implements Invariant {

    @Override
    public void applied(MemberView member, long previous, Entry entry) {
        Violation.unless(
                entry.index() == previous + 1,
                "applied in order: %d applied entry %d behind %d",
                member.id(),
                entry.index(),
                previous);
        Violation.unless(
                entry.index() <= member.status().commit(),
                "applied in order: %d applied entry %d, but committed is %d",
                member.id(),
                entry.index(),
                member.status().commit());
    }

    @Override
    public void installed(MemberView member, long previous, long index) {
        Violation.unless(
                index > previous,
                "applied in order: %d installed a snapshot at %d over the state at %d",
                member.id(),
                index,
                previous);
    }
}
