package io.quorate.server;

import io.quorate.node.ApplyPacket;
import io.quorate.node.RaftEvents;
import io.quorate.proposal.LinearizableReader;
import io.quorate.raft.Message;
import io.quorate.raft.Ready.ReadState;
import io.quorate.raft.Ready.SoftState;
import java.util.List;

/**
 * Passes the results of a node's round to the server: the leader, the committed index, confirmed reads, entries
 * to apply, and followers that need a snapshot. Called by the {@code raft-node} thread.
 */
public final class ReadyHandler implements RaftEvents {

    /** Learns when the leader or this member's role changes; called on the {@code raft-node} thread, must not block. */
    @FunctionalInterface
    public interface LeadershipListener {

        /**
         * @param leader the leader; 0 when none is known
         * @param isLeader whether this member leads
         * @param leaderChanged whether another leader than before is known now
         */
        void updateLeadership(long leader, boolean isLeader, boolean leaderChanged);
    }

    private final ConsensusState state;
    private final RunLoop runLoop;
    private final LinearizableReader reader;
    private final SnapshotSender transfers;
    private final List<LeadershipListener> listeners;

    /**
     * @param transfers sends the state to members that lag behind the log
     * @param listeners told of changes of leadership, in this order
     */
    public ReadyHandler(
            ConsensusState state,
            RunLoop runLoop,
            LinearizableReader reader,
            SnapshotSender transfers,
            List<LeadershipListener> listeners) {
        this.state = state;
        this.runLoop = runLoop;
        this.reader = reader;
        this.transfers = transfers;
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public void updateLeadership(SoftState next, long term) {
        boolean changed = state.update(next);
        listeners.forEach(listener -> listener.updateLeadership(next.leader(), state.isLeader(), changed));
    }

    @Override
    public void updateCommittedIndex(long index) {
        state.committed(index);
    }

    @Override
    public void readStates(List<ReadState> states) {
        reader.readStates(states);
    }

    @Override
    public void sendSnapshot(Message message) {
        transfers.send(message);
    }

    @Override
    public void apply(ApplyPacket packet) {
        runLoop.apply(packet);
    }
}
