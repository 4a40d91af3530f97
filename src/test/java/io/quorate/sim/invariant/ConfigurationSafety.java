package io.quorate.sim.invariant;

import io.quorate.raft.ConfState;
import io.quorate.sim.core.Invariant;
import io.quorate.sim.core.MemberView;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A membership change leads to the same configuration everywhere, and any two majorities before and after it overlap
 * (thesis, sections 4.1 and 4.3).
 */
final class ConfigurationSafety implements Invariant {

    private final Map<Long, ConfState> configurations = new HashMap<>();

    @Override
    public void reconfigured(MemberView member, long index, ConfState before, ConfState after) {
        ConfState known = configurations.putIfAbsent(index, after);
        Violation.unless(
                known == null || known.equals(after),
                "configuration safety: entry %d leads to %s elsewhere and to %s on %d",
                index,
                known,
                after,
                member.id());
        Violation.unless(
                overlaps(before, after), "configuration safety: entry %d leads from %s to %s", index, before, after);
    }

    private static boolean overlaps(ConfState before, ConfState after) {
        boolean wasJoint = !before.votersOutgoing().isEmpty();
        boolean isJoint = !after.votersOutgoing().isEmpty();
        if (wasJoint) {
            return before.voters().equals(after.voters())
                    && (!isJoint || before.votersOutgoing().equals(after.votersOutgoing()));
        }
        return isJoint
                ? before.voters().equals(after.votersOutgoing())
                : differences(before.voters(), after.voters()) <= 1;
    }

    private static int differences(List<Long> one, List<Long> other) {
        Set<Long> all = new HashSet<>(one);
        all.addAll(other);
        Set<Long> common = new HashSet<>(one);
        common.retainAll(other);
        return all.size() - common.size();
    }
}
