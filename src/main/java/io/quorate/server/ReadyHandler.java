package io.quorate.server;

import io.quorate.node.ApplyPacket;
import io.quorate.node.RaftEvents;
import io.quorate.raft.Message;
import io.quorate.raft.ReadState;
import io.quorate.raft.Role;
import io.quorate.raft.SoftState;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * What the node's rounds mean for the server: who leads, how far is committed, which reads are confirmed, what to apply.
 * Called by the {@code raft-node} thread; its state is read by anybody.
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

    private final List<LeadershipListener> listeners = new CopyOnWriteArrayList<>();
    private final LongAdder leaderChanges = new LongAdder();
    private volatile Consumer<ApplyPacket> packets = ignored -> {};
    private volatile Consumer<List<ReadState>> reads = ignored -> {};
    private volatile Consumer<Message> snapshots = ignored -> {};
    private volatile SoftState softState = new SoftState(0, Role.FOLLOWER);
    private volatile long committedIndex;

    public ReadyHandler(long committedIndex) {
        this.committedIndex = committedIndex;
    }

    /** Connects the run loop and the reader, which need the node, which needs this handler. Before the node starts. */
    public void connect(Consumer<ApplyPacket> runLoop, Consumer<List<ReadState>> reader) {
        packets = runLoop;
        reads = reader;
    }

    /** Sets who sends the state to members that lag behind the log; before the node starts. */
    public void onSnapshotNeeded(Consumer<Message> sender) {
        snapshots = sender;
    }

    /** Adds a listener; before the node starts. */
    public void onLeadership(LeadershipListener listener) {
        listeners.add(listener);
    }

    @Override
    public void updateLeadership(SoftState next, long term) {
        boolean changed = next.leader() != 0 && next.leader() != softState.leader();
        if (changed) {
            leaderChanges.increment();
        }
        softState = next;
        listeners.forEach(listener -> listener.updateLeadership(next.leader(), isLeader(), changed));
    }

    @Override
    public void updateCommittedIndex(long index) {
        committedIndex = Math.max(committedIndex, index);
    }

    @Override
    public void readStates(List<ReadState> states) {
        reads.accept(states);
    }

    @Override
    public void sendSnapshot(Message message) {
        snapshots.accept(message);
    }

    @Override
    public void apply(ApplyPacket packet) {
        packets.accept(packet);
    }

    /** The leader's id; 0 when none is known. */
    public long leader() {
        return softState.leader();
    }

    public Role role() {
        return softState.role();
    }

    public boolean isLeader() {
        return softState.role() == Role.LEADER;
    }

    public long committedIndex() {
        return committedIndex;
    }

    /** How often another leader was seen. */
    public long leaderChanges() {
        return leaderChanges.sum();
    }
}
