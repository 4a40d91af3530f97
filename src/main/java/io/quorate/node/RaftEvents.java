package io.quorate.node;

import io.quorate.raft.ReadState;
import io.quorate.raft.SoftState;
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

    /** There is something to apply; packets come in order. */
    void apply(ApplyPacket packet);
}
