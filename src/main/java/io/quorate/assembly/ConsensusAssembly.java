package io.quorate.assembly;

import io.quorate.base.Metered;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.node.Bootstrap;
import io.quorate.node.LogWriter;
import io.quorate.node.NodeSettings;
import io.quorate.node.RaftNode;
import io.quorate.node.transport.Transport;
import io.quorate.proposal.ApplyWaiters;
import io.quorate.server.ApplyProgress;
import io.quorate.server.ConsensusState;
import lombok.Getter;

/** Consensus: the node that drives the Raft core, its log, and how far this member has come with it. */
@Getter
public final class ConsensusAssembly implements Metered {

    private final Bootstrap.Start start;
    private final ConsensusState state;
    private final LogWriter writer;
    private final RaftNode node;
    private final ApplyProgress progress;
    private final ApplyWaiters waiters;

    /**
     * @param start what the log holds, which must reach to the state
     * @param transport carries messages to other members
     * @param observer learns of what goes to disk
     */
    public ConsensusAssembly(
            StateAssembly stored,
            Bootstrap.Start start,
            Transport transport,
            NodeSettings settings,
            LogWriter.Observer observer,
            MonotonicClock clock) {
        LogCheck.check(stored.database(), stored.index(), start);
        this.start = start;
        state = new ConsensusState(start.hardState().commit());
        writer = new LogWriter(start.wal(), start.snapshots(), start.hardState(), observer, clock);
        node = new RaftNode(start.core(), start.storage(), writer, transport, clock, settings);
        progress = new ApplyProgress(start.snapshot());
        waiters = new ApplyWaiters(progress.appliedIndex());
    }

    @Override
    public void register(Meters meters) {
        state.register(meters);
        progress.register(meters);
        meters.counter(
                "etcd_server_heartbeat_send_failures_total",
                "Heartbeats that this member as leader sent too late, as it was overloaded or paused.",
                node::lateHeartbeats);
        meters.gauge("quorate_raft_inbox_depth", "Messages that wait for consensus.", node::pending);
        meters.gauge(
                "quorate_apply_gap_entries",
                "Committed entries not applied yet.",
                () -> Math.max(0, state.committedIndex() - progress.appliedIndex()));
        meters.gauge("quorate_raft_term", "Term.", () -> node.status().term());
        writer.register(meters);
    }
}
