package io.quorate.raft.confchange;

import io.quorate.raft.confchange.ConfChange.MemberChange;
import io.quorate.raft.quorum.IdSet;
import io.quorate.raft.quorum.JointConfig;
import io.quorate.raft.tracker.Configuration;
import java.util.List;

/**
 * Computes the configuration that a change leads to, or refuses it (thesis, sections 4.1 to 4.3). One object serves one
 * change; the given configuration is never touched.
 *
 * <p>Worked example: voters (1 2 3), enter joint with {@code r1 v4 l2}. The outgoing half is (1 2 3). Removing 1 leaves
 * (2 3), adding 4 gives (2 3 4), demoting 2 gives (3 4); since 2 still votes in the outgoing half it cannot be a learner
 * yet and waits in learnersNext: {@code voters=(3 4)&&(1 2 3) learners_next=(2)}. Leaving gives
 * {@code voters=(3 4) learners=(2)}, and 1 is gone.
 *
 * <p>One thread at a time: the owner of the {@link io.quorate.raft.RawNode}.
 */
public final class ConfChanger {

    /**
     * The voters of before, while the change enters a joint configuration; empty otherwise. They vote until the
     * joint configuration is left.
     */
    private final IdSet outgoing;

    /** The voters of after. Starts as those of before; each step adds or removes one. Never empty at the end. */
    private IdSet incoming;

    /** The learners of after. Disjoint from {@link #incoming} and {@link #outgoing}. */
    private IdSet learners;

    /**
     * Members that become learners when the joint configuration is left: a subset of {@link #outgoing},
     * disjoint from {@link #incoming}.
     */
    private IdSet learnersNext;

    /** All members with a progress: voters of both halves, and learners. */
    private IdSet tracked;

    /** Members that this change added; their progress starts anew. */
    private IdSet fresh = IdSet.EMPTY;

    private ConfChanger(Configuration before, IdSet outgoing) {
        this.outgoing = outgoing;
        this.incoming = before.voters().incoming().voters();
        this.learners = before.learners();
        this.learnersNext = before.learnersNext();
        this.tracked = before.members();
    }

    /**
     * What a change leads to.
     *
     * @param configuration the new configuration
     * @param fresh its members that were not there before, or left and came back within the change
     */
    public record Outcome(Configuration configuration, IdSet fresh) {}

    /**
     * What the change leads to, by the way that it asks for.
     *
     * @throws InvalidConfChangeException if it is not allowed now
     */
    public static Outcome apply(Configuration before, ConfChange change) {
        if (change.leavesJoint()) {
            return leaveJoint(before);
        }
        if (change.entersJoint()) {
            return enterJoint(before, change.changes(), change.isLeftAutomatically());
        }
        return simple(before, change.changes());
    }

    /** Changes at most one voter at once; two such majorities always overlap (thesis, section 4.1). */
    public static Outcome simple(Configuration before, List<MemberChange> changes) {
        if (before.isJoint()) {
            throw new InvalidConfChangeException("can't apply simple config change in joint config");
        }
        ConfChanger changer = new ConfChanger(before, IdSet.EMPTY);
        changer.applyAll(changes);
        if (changer.incoming.differences(before.voters().incoming().voters()) > 1) {
            throw new InvalidConfChangeException("more than one voter changed without entering joint config");
        }
        return changer.outcome(false);
    }

    /** Keeps the present voters as the outgoing half, so that both majorities must agree from now on. */
    public static Outcome enterJoint(Configuration before, List<MemberChange> changes, boolean autoLeave) {
        if (before.isJoint()) {
            throw new InvalidConfChangeException("config is already joint");
        }
        IdSet voters = before.voters().incoming().voters();
        if (voters.isEmpty()) {
            throw new InvalidConfChangeException("can't make a zero-voter config joint");
        }
        ConfChanger changer = new ConfChanger(before, voters);
        changer.applyAll(changes);
        return changer.outcome(autoLeave);
    }

    /** Drops the outgoing half; demotions that waited for it take place. */
    public static Outcome leaveJoint(Configuration before) {
        if (!before.isJoint()) {
            throw new InvalidConfChangeException("can't leave a non-joint config");
        }
        ConfChanger changer = new ConfChanger(before, IdSet.EMPTY);
        changer.learners = changer.learners.union(changer.learnersNext);
        changer.learnersNext = IdSet.EMPTY;
        return changer.outcome(false);
    }

    private void applyAll(List<MemberChange> changes) {
        for (MemberChange change : changes) {
            long id = change.nodeId();
            if (id == 0) {
                // A change whose effect was cancelled by clearing its target.
                continue;
            }
            switch (change.type()) {
                case ADD_NODE -> makeVoter(id);
                case ADD_LEARNER_NODE -> makeLearner(id);
                case REMOVE_NODE -> remove(id);
                case UPDATE_NODE -> {}
            }
        }
        if (incoming.isEmpty()) {
            throw new InvalidConfChangeException("removed all voters");
        }
    }

    private void makeVoter(long id) {
        track(id);
        learners = learners.without(id);
        learnersNext = learnersNext.without(id);
        incoming = incoming.with(id);
    }

    private void makeLearner(long id) {
        if (learners.contains(id)) {
            return;
        }
        track(id);
        incoming = incoming.without(id);
        if (outgoing.contains(id)) {
            learnersNext = learnersNext.with(id);
        } else {
            learners = learners.with(id);
        }
    }

    private void remove(long id) {
        incoming = incoming.without(id);
        learners = learners.without(id);
        learnersNext = learnersNext.without(id);
        if (!outgoing.contains(id)) {
            tracked = tracked.without(id);
            fresh = fresh.without(id);
        }
    }

    private void track(long id) {
        if (!tracked.contains(id)) {
            tracked = tracked.with(id);
            fresh = fresh.with(id);
        }
    }

    private Outcome outcome(boolean autoLeave) {
        Configuration after = new Configuration(JointConfig.of(incoming, outgoing), learners, learnersNext, autoLeave);
        return new Outcome(after, fresh);
    }

    /** A change that would break the safety of membership changes; the configuration stays as it was. */
    public static final class InvalidConfChangeException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        /** The texts are those of etcd. */
        public InvalidConfChangeException(String message) {
            super(message);
        }
    }
}
