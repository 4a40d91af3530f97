package io.quorate.sim.core;

import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.Message;
import java.util.List;

/** Something that must hold at all times. Each method throws an {@link AssertionError} when it does not. */
public interface Invariant {

    /** Before anything happens. */
    default void founded(List<? extends MemberView> members) {}

    /** A member's core took one input. */
    default void stepped(MemberView member) {}

    /** A member is about to write entries to its log. */
    default void writing(MemberView member, List<Entry> entries) {}

    /** A message leaves a member for another one. */
    default void sending(MemberView member, Message message) {}

    /** A member's state machine took an entry; {@code previous} is the index that it had applied before. */
    default void applied(MemberView member, long previous, Entry entry) {}

    /** A member's state machine applied a membership change. */
    default void reconfigured(MemberView member, long index, ConfState before, ConfState after) {}

    /** A member's state machine was replaced by a snapshot. */
    default void installed(MemberView member, long previous, long index) {}

    /** A member asks for a read index. */
    default void readRequested(MemberView member, long request) {}

    /** A member got a read index. */
    default void readAnswered(MemberView member, long request, long index) {}

    /** A member came back after a crash. */
    default void restarted(MemberView member) {}
}
