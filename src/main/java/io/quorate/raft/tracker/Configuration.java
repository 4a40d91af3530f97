package io.quorate.raft.tracker;

import io.quorate.base.Fault;
import io.quorate.raft.ConfState;
import io.quorate.raft.quorum.IdSet;
import io.quorate.raft.quorum.JointConfig;

/**
 * The members and their roles (thesis, chapter 4). A member is an incoming or outgoing voter, or a learner, never a learner
 * and a voter at once; a voter that is to become a learner stays an outgoing voter, and is listed in
 * {@code learnersNext}, until the joint configuration is left.
 *
 * @param voters the one or two majorities
 * @param learners members that get the log but do not count
 * @param learnersNext outgoing voters that become learners when the joint configuration ends
 * @param autoLeave whether the leader ends the joint configuration by itself
 */
public record Configuration(JointConfig voters, IdSet learners, IdSet learnersNext, boolean autoLeave) {

    /** No members at all. */
    public static final Configuration EMPTY = new Configuration(JointConfig.EMPTY, IdSet.EMPTY, IdSet.EMPTY, false);

    /** The configuration that a snapshot or the stable storage names. */
    public static Configuration of(ConfState state) {
        Configuration configuration = new Configuration(
                JointConfig.of(IdSet.copyOf(state.voters()), IdSet.copyOf(state.votersOutgoing())),
                IdSet.copyOf(state.learners()),
                IdSet.copyOf(state.learnersNext()),
                state.autoLeave());
        configuration.check();
        return configuration;
    }

    private void check() {
        IdSet incoming = voters.incoming().voters();
        IdSet outgoing = voters.outgoing().voters();
        Fault.check(!incoming.isEmpty() || members().isEmpty(), "configuration %s has members but no voter", this);
        Fault.check(isJoint() || !autoLeave, "configuration %s is not joint, yet is to be left", this);
        for (int i = 0; i < learners.size(); i++) {
            Fault.check(!voters.contains(learners.get(i)), "configuration %s has a learner that votes", this);
        }
        for (int i = 0; i < learnersNext.size(); i++) {
            long id = learnersNext.get(i);
            Fault.check(
                    outgoing.contains(id) && !incoming.contains(id),
                    "configuration %s demotes a member that is not on its way out",
                    this);
        }
    }

    public boolean isJoint() {
        return voters.isJoint();
    }

    /** Every member, whatever its part. */
    public IdSet members() {
        return voters.ids().union(learners).union(learnersNext);
    }

    /** The same as it is stored; the lists are ascending. */
    public ConfState toConfState() {
        return new ConfState(
                voters.incoming().voters().toList(),
                voters.outgoing().voters().toList(),
                learners.toList(),
                learnersNext.toList(),
                autoLeave);
    }

    /** For example {@code voters=(1 2 3)&&(1) learners=(4) autoleave}. */
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder("voters=").append(voters.incoming().voters());
        if (isJoint()) {
            text.append("&&").append(voters.outgoing().voters());
        }
        if (!learners.isEmpty()) {
            text.append(" learners=").append(learners);
        }
        if (!learnersNext.isEmpty()) {
            text.append(" learners_next=").append(learnersNext);
        }
        if (autoLeave) {
            text.append(" autoleave");
        }
        return text.toString();
    }
}
