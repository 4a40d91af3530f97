package io.quorate.server;

import io.quorate.base.Meters;
import io.quorate.raft.Ready.SoftState;
import io.quorate.raft.Role;
import java.util.concurrent.atomic.LongAdder;

/**
 * What this member knows of consensus: the leader, its own role, and how far the log is committed. {@link ReadyHandler}
 * writes it on the {@code raft-node} thread; any thread reads it.
 */
public final class ConsensusState {

    private final LongAdder leaderChanges = new LongAdder();

    /** Leader and role after the last round of the node. */
    private volatile SoftState softState = new SoftState(0, Role.FOLLOWER);

    /** The highest index known to be committed. Never decreases. */
    private volatile long committedIndex;

    /** @param committedIndex the index that the log knew to be committed when the member started */
    public ConsensusState(long committedIndex) {
        this.committedIndex = committedIndex;
    }

    /**
     * Sets the leader and this member's role.
     *
     * @return whether another leader than before is known now
     */
    boolean update(SoftState next) {
        boolean changed = next.leader() != 0 && next.leader() != softState.leader();
        if (changed) {
            leaderChanges.increment();
        }
        softState = next;
        return changed;
    }

    /** The committed index never falls. */
    void committed(long index) {
        committedIndex = Math.max(committedIndex, index);
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

    /** Registers what is counted here. */
    public void register(Meters meters) {
        meters.flag("etcd_server_has_leader", "1 if a leader is known, 0 if not.", () -> leader() != 0);
        meters.flag("etcd_server_is_leader", "1 if this member leads, 0 if not.", this::isLeader);
        meters.counter("etcd_server_leader_changes_seen_total", "Changes of leader seen.", leaderChanges::sum);
        meters.gauge(
                "etcd_server_proposals_committed_total", "Index of the newest committed entry.", this::committedIndex);
    }
}
