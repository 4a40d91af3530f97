package io.quorate.server;

import io.quorate.node.ApplyPacket;
import java.util.List;

/** What the run loop reacts to; stopping is the fourth and comes through the {@code AgentThread} of the loop. */
sealed interface LoopEvent {

    /** Something to apply. */
    record Apply(ApplyPacket packet) implements LoopEvent {}

    /** Leases that ran out under the leader of a term. */
    record Expired(long term, List<Long> leases) implements LoopEvent {}

    /** What the member cannot survive. */
    record Failed(Throwable cause) implements LoopEvent {}
}
