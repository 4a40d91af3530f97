package io.quorate.apply;

import io.quorate.base.Fault;
import io.quorate.membership.Member;
import io.quorate.membership.MemberJson;
import io.quorate.membership.Membership;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChangeCodec;
import io.quorate.raft.confchange.ConfChanger;
import io.quorate.raft.confchange.MemberChange;
import io.quorate.raft.tracker.Configuration;

/**
 * Applies membership changes: to the members as stored, and to the configuration that Raft counts with.
 *
 * <p>The configuration is computed here with the core's own pure functions and the core is told afterwards, so the
 * {@code apply} thread never waits for the {@code raft-node} thread; the node checks that both arrive at the same.
 */
public final class ConfChangeApplier {

    private final Membership membership;
    private final Listener listener;
    private Configuration configuration;

    /** Who has to follow: the node. */
    @FunctionalInterface
    public interface Listener {

        /** The change in the entry at the index took effect and leads to this configuration. */
        void applied(long index, ConfChange change, ConfState result);
    }

    /**
     * @param confState the configuration of the snapshot that the log starts from
     */
    public ConfChangeApplier(Membership membership, Listener listener, ConfState confState) {
        this.membership = membership;
        this.listener = listener;
        this.configuration = Configuration.of(confState);
    }

    /** The configuration after the last applied change. */
    ConfState confState() {
        return configuration.toConfState();
    }

    /**
     * Applies one entry.
     *
     * @param isNew false when the members on disk contain the change already, after a restart; Raft's configuration
     *     starts from the snapshot and needs it nevertheless
     */
    void apply(Entry entry, boolean isNew) {
        ConfChange change = ConfChangeCodec.decode(entry);
        if (isNew) {
            change.changes().forEach(single -> applyToMembers(change, single));
        }
        configuration = ConfChanger.apply(configuration, change).configuration();
        listener.applied(entry.index(), change, confState());
    }

    private void applyToMembers(ConfChange change, MemberChange single) {
        switch (single.type()) {
            case ADD_NODE, ADD_LEARNER_NODE, UPDATE_NODE -> membership.put(member(change, single.nodeId()));
            case REMOVE_NODE -> membership.remove(single.nodeId());
        }
    }

    private static Member member(ConfChange change, long id) {
        try {
            Member member = MemberJson.decode(change.context());
            Fault.check(member.id() == id, "the change of member %x describes member %x", id, member.id());
            return member;
        } catch (IllegalArgumentException e) {
            throw new Fault("a membership change does not describe its member", e);
        }
    }
}
