package io.quorate.raft;

import java.util.List;

/**
 * The active configuration, as it is stored in snapshots (thesis, chapter 4).
 *
 * @param voters the incoming majority
 * @param votersOutgoing the outgoing majority; empty unless in a joint configuration
 * @param learners members that get the log but do not count
 * @param learnersNext outgoing voters that become learners when the joint configuration ends
 * @param autoLeave whether the joint configuration ends by itself
 */
public record ConfState(
        List<Long> voters, List<Long> votersOutgoing, List<Long> learners, List<Long> learnersNext, boolean autoLeave) {

    /** No members at all. */
    public static final ConfState EMPTY = new ConfState(List.of(), List.of(), List.of(), List.of(), false);

    public ConfState {
        voters = List.copyOf(voters);
        votersOutgoing = List.copyOf(votersOutgoing);
        learners = List.copyOf(learners);
        learnersNext = List.copyOf(learnersNext);
    }

    /** A simple configuration of voters. */
    public static ConfState ofVoters(List<Long> voters) {
        return new ConfState(voters, List.of(), List.of(), List.of(), false);
    }
}
