package io.quorate.node.transport;

import io.quorate.raft.Message;
import java.util.List;

/**
 * Sends messages to other members.
 *
 * <p>What the node relies on: a call never blocks; messages may be lost, delayed, repeated and may overtake each other, but
 * what arrives is what was sent; loss is reported sooner or later as {@link PeerInbox#unreachable}. Snapshots never come
 * here: they travel with the files of the state, see {@code RaftEvents.sendSnapshot}.
 */
@FunctionalInterface
public interface Transport {

    /** Sends the messages, each to the member it is addressed to. Called by the {@code raft-node} thread. */
    void send(List<Message> messages);

    /** Whether a proposal that is sent to a member now has a way to it. One without a way is lost, and nobody tells its caller. */
    default boolean reaches(long member) {
        return true;
    }
}
