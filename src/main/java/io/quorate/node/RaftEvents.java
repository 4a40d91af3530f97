package io.quorate.node;

import io.quorate.raft.Message;
import io.quorate.raft.Ready.ReadState;
import io.quorate.raft.Ready.SoftState;
import java.util.List;

/**
 * What the node tells the server, always from the {@code raft-node} thread, so nothing here may block. The equivalents of
 * etcd's ready handler and apply channel.
 */
public interface RaftEvents {

    /** Leader or role changed. */
    void updateLeadership(SoftState softState, long term);

    /** The committed index grew. */
    void updateCommittedIndex(long index);

    /** Read requests were answered. */
    void readStates(List<ReadState> states);

    /**
     * A member lags behind the log and needs the state itself. The message names an index that the state sent must at least
     * contain; how it ended is reported by {@link RaftNode#snapshotSent}, exactly once.
     */
    void sendSnapshot(Message message);

    /** There is something to apply; packets come in order. */
    void apply(ApplyPacket packet);
}
