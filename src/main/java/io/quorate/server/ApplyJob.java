package io.quorate.server;

import io.quorate.apply.ApplyAll;
import io.quorate.base.Fault;
import io.quorate.node.ApplyPacket;
import io.quorate.node.RaftNode;
import io.quorate.proposal.ApplyWaiters;
import io.quorate.raft.Entry;
import io.quorate.raft.Snapshot;
import io.quorate.raft.log.Entries;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * One apply packet, strictly in this order: the state of a snapshot, entries, applied index, waiters, maybe a snapshot of
 * the log in memory and of the state on disk, confirmation to the core. Runs on the {@code apply} thread only.
 */
public final class ApplyJob {

    private final ApplyAll applyAll;
    private final ApplyProgress progress;
    private final ApplyWaiters waiters;
    private final Snapshots snapshots;
    private final RaftNode node;
    private final Consumer<Snapshot> installer;

    /**
     * @param installer puts a state that was received in the place of this member's own
     */
    public ApplyJob(
            ApplyAll applyAll,
            ApplyProgress progress,
            ApplyWaiters waiters,
            Snapshots snapshots,
            RaftNode node,
            Consumer<Snapshot> installer) {
        this.applyAll = applyAll;
        this.progress = progress;
        this.waiters = waiters;
        this.snapshots = snapshots;
        this.node = node;
        this.installer = installer;
    }

    void run(ApplyPacket packet) {
        Snapshot snapshot = packet.snapshot();
        if (snapshot != null && snapshot.index() > progress.appliedIndex()) {
            progress.installing();
            installer.accept(snapshot);
            progress.installed(snapshot);
            waiters.applied(snapshot.index());
        }
        List<Entry> entries = newEntries(packet.entries());
        if (!entries.isEmpty()) {
            Entry last = entries.getLast();
            progress.applied(last.index(), last.term(), applyAll.apply(entries, packet.committedNanos()));
            waiters.applied(last.index());
        }
        if (packet.confirmation() != null) {
            node.applied(packet.confirmation());
        }
        settle(applyAll.takeUnsettled());
        snapshots.afterApply(Entries.payloadSize(entries), packet.persisted());
    }

    /** Completes a change of members once the core uses the new configuration, so that the next change is accepted. */
    private void settle(List<CompletableFuture<Void>> changes) {
        if (!changes.isEmpty()) {
            CompletionStage<?> unused =
                    node.call(core -> true).thenRun(() -> changes.forEach(change -> change.complete(null)));
        }
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
