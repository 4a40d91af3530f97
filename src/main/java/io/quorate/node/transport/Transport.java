package io.quorate.node.transport;

import io.quorate.raft.Message;
import java.util.List;

/** Sends messages to other members. Never blocks; what cannot be sent is dropped, since Raft repeats what matters. */
@FunctionalInterface
public interface Transport {

    /** Sends the messages in order, each to the member it is addressed to. Called by the {@code raft-node} thread. */
    void send(List<Message> messages);
}
