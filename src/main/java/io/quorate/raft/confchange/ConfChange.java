package io.quorate.raft.confchange;

import io.quorate.raft.EntryType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A membership change as it travels in an entry. Both of etcd's forms are this one value: the older one can hold exactly
 * one step and an id for the proposer, the newer one any number of steps and a transition. Without steps and with
 * {@link Transition#AUTO} it means to leave the joint configuration.
 *
 * @param id the proposer's tag; kept only by the older form
 * @param transition whether to go through a joint configuration
 * @param changes the steps, in order
 * @param context opaque to the core
 */
@SuppressWarnings("ArrayRecordComponent") // opaque, never compared
public record ConfChange(long id, Transition transition, List<MemberChange> changes, byte[] context) {

    private static final byte[] NO_CONTEXT = {};

    public ConfChange {
        changes = List.copyOf(changes);
    }

    /** A change of one member, without tag and context. */
    public static ConfChange of(ChangeType type, long nodeId) {
        return of(type, nodeId, NO_CONTEXT);
    }

    /** A change of one member. */
    public static ConfChange of(ChangeType type, long nodeId, byte[] context) {
        return new ConfChange(0, Transition.AUTO, List.of(new MemberChange(type, nodeId)), context);
    }

    /** A change of any number of members. */
    public static ConfChange of(Transition transition, List<MemberChange> changes) {
        return new ConfChange(0, transition, changes, NO_CONTEXT);
    }

    /** The change that ends a joint configuration. */
    public static ConfChange leaveJoint() {
        return of(Transition.AUTO, List.of());
    }

    /** Whether this ends a joint configuration. */
    public boolean leavesJoint() {
        return transition == Transition.AUTO && changes.isEmpty();
    }

    /** Whether this goes through a joint configuration: on request, or because one majority could not be safe. */
    public boolean entersJoint() {
        return transition != Transition.AUTO || changes.size() > 1;
    }

    /** Whether the joint configuration that this enters is left without another proposal. */
    public boolean isLeftAutomatically() {
        return transition != Transition.JOINT_EXPLICIT;
    }

    /** The older form where it can say the same, since more tools read it. */
    public EntryType entryType() {
        return changes.size() == 1 && transition == Transition.AUTO ? EntryType.CONF_CHANGE : EntryType.CONF_CHANGE_V2;
    }

    /** For diagnostic lines: {@code transition:ConfChangeTransitionAuto changes:{type:ConfChangeAddNode node_id:2}}. */
    public String describe() {
        StringBuilder text = new StringBuilder("transition:").append(transition.label());
        for (MemberChange change : changes) {
            text.append(" changes:{type:").append(change.type().label());
            text.append(" node_id:")
                    .append(Long.toUnsignedString(change.nodeId()))
                    .append('}');
        }
        if (context.length > 0) {
            text.append(" context:\"")
                    .append(new String(context, StandardCharsets.UTF_8))
                    .append('"');
        }
        return text.toString();
    }

    /** The steps only, for example {@code r1 v4}. */
    @Override
    public String toString() {
        return changes.stream().map(MemberChange::toString).collect(Collectors.joining(" "));
    }

    /**
     * One step of a membership change.
     *
     * @param type what happens
     * @param nodeId to which member; 0 makes the step void
     */
    public record MemberChange(ChangeType type, long nodeId) {

        /** For example {@code v3}: a letter for the type, and the id in decimal. */
        @Override
        public String toString() {
            return type.token() + Long.toUnsignedString(nodeId);
        }
    }
}
