package io.quorate.server;

import io.quorate.apply.ApplyAll;
import io.quorate.base.Fault;
import io.quorate.node.ApplyPacket;
import io.quorate.node.RaftNode;
import io.quorate.proposal.ApplyWaiters;
import io.quorate.raft.Entry;
import java.util.List;

/**
 * One apply packet, strictly in this order: entries, applied index, waiters, maybe a snapshot of the log in memory and of
 * the state on disk, confirmation to the core. Runs on the {@code apply} thread only.
 */
public final class ApplyJob {

    private final ApplyAll applyAll;
    private final Progress progress;
    private final ApplyWaiters waiters;
    private final Snapshots snapshots;
    private final RaftNode node;

    public ApplyJob(ApplyAll applyAll, Progress progress, ApplyWaiters waiters, Snapshots snapshots, RaftNode node) {
        this.applyAll = applyAll;
        this.progress = progress;
        this.waiters = waiters;
        this.snapshots = snapshots;
        this.node = node;
    }

    void run(ApplyPacket packet) {
        Fault.check(packet.snapshot() == null, "a single member received a snapshot");
        List<Entry> entries = newEntries(packet.entries());
        if (!entries.isEmpty()) {
            Entry last = entries.getLast();
            progress.applied(last.index(), last.term(), applyAll.apply(entries));
            waiters.applied(last.index());
        }
        if (packet.confirmation() != null) {
            node.applied(packet.confirmation());
        }
        snapshots.afterApply(packet.persisted());
    }

    /** What lies above the applied index; a gap would lose writes for good. */
    private List<Entry> newEntries(List<Entry> entries) {
        if (entries.isEmpty()) {
            return entries;
        }
        long applied = progress.appliedIndex();
        long first = entries.getFirst().index();
        Fault.check(first <= applied + 1, "first committed entry %d leaves a gap after the applied %d", first, applied);
        int skip = (int) Math.min(entries.size(), applied + 1 - first);
        return entries.subList(skip, entries.size());
    }
}
