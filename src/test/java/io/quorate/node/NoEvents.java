package io.quorate.node;

import io.quorate.raft.Message;
import io.quorate.raft.Ready.ReadState;
import io.quorate.raft.Ready.SoftState;
import java.util.List;

/** Nobody is told of what the node does. */
final class NoEvents implements RaftEvents {

    @Override
    public void updateLeadership(SoftState softState, long term) {}

    @Override
    public void updateCommittedIndex(long index) {}

    @Override
    public void readStates(List<ReadState> states) {}

    @Override
    public void sendSnapshot(Message message) {}

    @Override
    public void apply(ApplyPacket packet) {}
}
