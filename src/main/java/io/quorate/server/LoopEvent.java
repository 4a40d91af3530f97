package io.quorate.server;

import io.quorate.node.ApplyPacket;
import java.util.List;

/** What waits for the run loop. Errors come through the {@link ErrorChannel}; stopping is the end of its thread. */
sealed interface LoopEvent {

    /** Something to apply. */
    record Apply(ApplyPacket packet) implements LoopEvent {}

    /** Leases that ran out under the leader of a term. */
    record Expired(long term, List<Long> leases) implements LoopEvent {}
}
