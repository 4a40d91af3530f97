package io.quorate.sim.plant;

import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.sim.core.Plant;

/** Lets answers of one kind leave before the write that they depend on is durable. */
final class EarlyAnswers implements Plant {

    private final MessageType kind;

    EarlyAnswers(MessageType kind) {
        this.kind = kind;
    }

    @Override
    public boolean leavesEarly(Message response) {
        return response.type() == kind;
    }
}
