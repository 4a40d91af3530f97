package io.quorate.migrate;

import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChange.MemberChange;
import io.quorate.raft.confchange.ConfChangeCodec;
import io.quorate.raft.confchange.ConfChanger;
import io.quorate.raft.tracker.Configuration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The configuration that the changes in a log lead to. Databases before 3.5 do not hold it. A change that etcd refuses when it is applied,
 * as the addition of a member that is there, has no effect.
 */
final class ConfReplay {

    private ConfReplay() {}

    /**
     * @param before the configuration at the snapshot
     * @param entries those behind it
     * @param upTo the index of the last entry that counts
     */
    static ConfState at(ConfState before, List<Entry> entries, long upTo) {
        Configuration configuration = Configuration.of(before);
        Set<Long> voters = new HashSet<>(before.voters());
        Set<Long> learners = new HashSet<>(before.learners());
        for (Entry entry : entries) {
            if (entry.index() > upTo || entry.type() == EntryType.NORMAL) {
                continue;
            }
            ConfChange change = ConfChangeCodec.decode(entry);
            List<MemberChange> effective = change.changes().stream()
                    .filter(single -> note(single, voters, learners))
                    .toList();
            if (!effective.isEmpty() || change.leavesJoint()) {
                ConfChange kept = new ConfChange(change.id(), change.transition(), effective, change.context());
                configuration = ConfChanger.apply(configuration, kept).configuration();
            }
        }
        return configuration.toConfState();
    }

    private static boolean note(MemberChange change, Set<Long> voters, Set<Long> learners) {
        long id = change.nodeId();
        return switch (change.type()) {
            case ADD_NODE -> {
                learners.remove(id);
                yield voters.add(id);
            }
            case ADD_LEARNER_NODE -> !voters.contains(id) && learners.add(id);
            case REMOVE_NODE -> voters.remove(id) || learners.remove(id);
            case UPDATE_NODE -> false; // changes no quorum
        };
    }
}
