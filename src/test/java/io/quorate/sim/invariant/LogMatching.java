package io.quorate.sim.invariant;

import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.log.RaftLog;
import io.quorate.sim.core.Invariant;
import io.quorate.sim.core.MemberView;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Log matching: two logs with an entry of the same index and term agree up to there. By induction it is enough that index
 * and term decide what an entry holds and which term the entry before it has.
 */
final class LogMatching implements Invariant {

    private record Place(long index, long term) {}

    private record Content(EntryType type, int data, long previousTerm) {}

    private final Map<Place, Content> contents = new HashMap<>();

    @Override
    public void writing(MemberView member, List<Entry> entries) {
        long previousTerm = RaftLog.UNKNOWN_TERM;
        for (Entry entry : entries) {
            long before = previousTerm != RaftLog.UNKNOWN_TERM ? previousTerm : member.term(entry.index() - 1);
            if (before != RaftLog.UNKNOWN_TERM) {
                check(member, entry, before);
            }
            previousTerm = entry.term();
        }
    }

    private void check(MemberView member, Entry entry, long previousTerm) {
        Content content = new Content(entry.type(), Arrays.hashCode(entry.data()), previousTerm);
        Content known = contents.putIfAbsent(new Place(entry.index(), entry.term()), content);
        Violation.unless(
                known == null || known.equals(content),
                "log matching: entry %d of term %d is %s elsewhere and %s on %d",
                entry.index(),
                entry.term(),
                known,
                content,
                member.id());
        Violation.unless(
                previousTerm <= entry.term(),
                "log matching: entry %d of term %d follows one of term %d on %d",
                entry.index(),
                entry.term(),
                previousTerm,
                member.id());
    }
}
