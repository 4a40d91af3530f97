package io.quorate.node;

import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import io.quorate.raft.confchange.ChangeType;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChange.MemberChange;
import io.quorate.raft.confchange.ConfChangeCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A recovered log, and what it becomes when its member goes on alone (etcd's force-new-cluster).
 *
 * @param hardState term, vote and commit
 * @param entries all entries behind the snapshot
 * @param appended those of them that are not in the log on disk yet
 */
record LoneLog(HardState hardState, List<Entry> entries, List<Entry> appended) {

    /**
     * Takes all that the log holds for committed and removes everybody else. The newest commit index may never have come to
     * disk, so dropping what lies above the one found, as etcd does, could lose acknowledged writes; what was not acknowledged
     * had an unknown outcome and may as well come to be. Only an uncommitted change of this very member ends the log: it
     * shall not leave. A removal of a member that is gone already has no effect, so all members that were ever mentioned are
     * removed.
     */
    static LoneLog of(HardState recovered, List<Entry> entries, ConfState confState, long self) {
        List<Entry> kept = new ArrayList<>(entries.stream()
                .takeWhile(entry -> entry.index() <= recovered.commit() || !changes(entry, self))
                .toList());
        long last = kept.isEmpty()
                ? recovered.commit()
                : Math.max(recovered.commit(), kept.getLast().index());
        List<Entry> removals = new ArrayList<>();
        for (long other : others(kept, confState, self)) {
            byte[] data = ConfChangeCodec.encode(ConfChange.of(ChangeType.REMOVE_NODE, other), EntryType.CONF_CHANGE);
            removals.add(new Entry(recovered.term(), ++last, EntryType.CONF_CHANGE, data));
        }
        kept.addAll(removals);
        return new LoneLog(new HardState(recovered.term(), recovered.vote(), last), kept, removals);
    }

    private static boolean changes(Entry entry, long member) {
        return entry.type() != EntryType.NORMAL
                && ConfChangeCodec.decode(entry).changes().stream().anyMatch(change -> change.nodeId() == member);
    }

    private static SortedSet<Long> others(List<Entry> entries, ConfState confState, long self) {
        SortedSet<Long> ids = new TreeSet<>(confState.voters());
        ids.addAll(confState.learners());
        for (Entry entry : entries) {
            if (entry.type() != EntryType.NORMAL) {
                ConfChangeCodec.decode(entry).changes().stream()
                        .map(MemberChange::nodeId)
                        .forEach(ids::add);
            }
        }
        ids.remove(self);
        ids.remove(0L);
        return ids;
    }
}
