package io.quorate.raft.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.raft.Entry;
import io.quorate.raft.Role;
import io.quorate.raft.Status;
import java.util.HashMap;
import java.util.Map;

/** What must hold at all times (thesis, figure 3.2). */
final class Invariants {

    private final Map<Long, Long> leaderOfTerm = new HashMap<>();
    private final Map<Long, Entry> appliedEntries = new HashMap<>();
    private final Map<Long, Status> lastStatus = new HashMap<>();
    private long committed;
    private long appliedMost;

    /** The highest index that any member has reported as committed. */
    long committed() {
        return committed;
    }

    long appliedMost() {
        return appliedMost;
    }

    /** Election safety, and positions that only grow. */
    void observe(Status status) {
        if (status.role() == Role.LEADER) {
            Long known = leaderOfTerm.putIfAbsent(status.term(), status.id());
            assertThat(known == null ? status.id() : known)
                    .as("leader of term %d", status.term())
                    .isEqualTo(status.id());
        }
        assertThat(status.applied()).isLessThanOrEqualTo(status.commit());
        assertThat(status.commit()).isLessThanOrEqualTo(status.lastIndex());
        Status before = lastStatus.put(status.id(), status);
        if (before != null) {
            assertThat(status.term()).isGreaterThanOrEqualTo(before.term());
            assertThat(status.commit()).isGreaterThanOrEqualTo(before.commit());
            if (before.term() == status.term() && before.vote() != 0) {
                assertThat(status.vote()).as("vote in term %d", status.term()).isEqualTo(before.vote());
            }
        }
        committed = Math.max(committed, status.commit());
    }

    /** A restarted member may have forgotten how far it had committed, nothing else. */
    void restarted(Status status) {
        Status before = lastStatus.remove(status.id());
        if (before != null) {
            // Term and vote may have been in the queue only; then nobody has seen them either.
            assertThat(status.term()).isLessThanOrEqualTo(before.term());
        }
    }

    /** State machine safety: one entry for an index, everywhere, without gaps. */
    void applied(long member, long previous, Entry entry) {
        assertThat(entry.index()).as("next entry of %d", member).isEqualTo(previous + 1);
        Entry known = appliedEntries.putIfAbsent(entry.index(), entry);
        if (known != null) {
            assertThat(entry.term())
                    .as("term of entry %d on %d", entry.index(), member)
                    .isEqualTo(known.term());
            assertThat(entry.type()).isEqualTo(known.type());
            assertThat(entry.data()).isEqualTo(known.data());
        }
        appliedMost = Math.max(appliedMost, entry.index());
    }
}
