package io.quorate.sim.core;

import io.quorate.raft.HardState;
import io.quorate.raft.Message;
import io.quorate.raft.RaftConfig;
import io.quorate.raft.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * A fault planted around the core of every member, to see that the simulation finds it. Each method stands at a place
 * where an implementation can go wrong; as they are here, none does.
 */
public interface Plant {

    /** No fault. */
    Plant NONE = new Plant() {};

    /** Settings that are a fault by themselves. */
    default void configure(RaftConfig.RaftConfigBuilder settings) {}

    /** A message as the core gets to see it. */
    default Message received(CoreMember member, Message message) {
        return message;
    }

    /** A message as it leaves. */
    default Message sent(CoreMember member, Message message) {
        return message;
    }

    /** Whether an answer that depends on a write may leave before the write is durable. */
    default boolean leavesEarly(Message response) {
        return false;
    }

    /** The hard state that is really written. */
    default @Nullable HardState written(@Nullable HardState state) {
        return state;
    }

    /** What a crash does to the log, besides what it does to every log. */
    default void crashed(LogImage durable) {}

    /** The snapshot of its own state that a member really keeps and sends. */
    default Snapshot taken(Snapshot snapshot) {
        return snapshot;
    }

    /** Whether the member answers a read by its own commit without asking anybody. */
    default boolean answersReadAlone(CoreMember member) {
        return false;
    }

    /** Whether a page is applied again although it was applied before. */
    default boolean appliesAgain(long index) {
        return false;
    }

    /** Whether an entry is left out when applied. */
    default boolean skips(long index) {
        return false;
    }
}
