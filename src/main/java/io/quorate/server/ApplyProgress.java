package io.quorate.server;

import io.quorate.base.Meters;
import io.quorate.raft.ConfState;
import io.quorate.raft.Snapshot;

/**
 * How far the state machine got. Written by the {@code apply} thread (the disk snapshot's index also by
 * {@code maintenance}, which completes it), read by anybody.
 */
public final class ApplyProgress {

    /** The configuration at {@link #appliedIndex}. Written by {@code apply}. */
    private volatile ConfState confState;

    /**
     * The index up to which the state is flushed, so that older log may go. Never decreases. Invariant: at most
     * {@link #appliedIndex}.
     */
    private volatile long diskSnapshotIndex;

    /**
     * The index of the last snapshot that the log in memory was cut by. Written by {@code apply}; at most
     * {@link #appliedIndex}.
     */
    private volatile long memorySnapshotIndex;

    /** The last entry whose effect is visible to readers. Written by {@code apply}; never decreases. */
    private volatile long appliedIndex;

    /** The term of the entry at {@link #appliedIndex}. Written by {@code apply}; never decreases. */
    private volatile long appliedTerm;

    /** Whether a snapshot replaces the state at the moment. Written by {@code apply}. */
    private volatile boolean installing;

    /** Starts from the Raft snapshot, as the run loop does. */
    public ApplyProgress(Snapshot snapshot) {
        this.confState = snapshot.confState();
        this.diskSnapshotIndex = snapshot.index();
        this.memorySnapshotIndex = snapshot.index();
        this.appliedIndex = snapshot.index();
        this.appliedTerm = snapshot.term();
    }

    /** The configuration as of the applied index. */
    public ConfState confState() {
        return confState;
    }

    /** The index up to which the state machine is known to be on disk. */
    public long diskSnapshotIndex() {
        return diskSnapshotIndex;
    }

    /** The index of the snapshot that the log in memory starts from. */
    public long memorySnapshotIndex() {
        return memorySnapshotIndex;
    }

    /** The last entry that the state machine contains. */
    public long appliedIndex() {
        return appliedIndex;
    }

    /** The term of that entry. */
    public long appliedTerm() {
        return appliedTerm;
    }

    /** Whether a snapshot is replacing the state at the moment. */
    public boolean isInstalling() {
        return installing;
    }

    /** The state is about to be replaced by that of a snapshot. */
    void installing() {
        installing = true;
    }

    void applied(long index, long term, ConfState active) {
        confState = active;
        appliedTerm = term;
        appliedIndex = index;
    }

    /** The whole state was replaced by that of a snapshot, which is on disk. */
    void installed(Snapshot snapshot) {
        applied(snapshot.index(), snapshot.term(), snapshot.confState());
        diskSnapshotIndex = snapshot.index();
        memorySnapshotIndex = snapshot.index();
        installing = false;
    }

    void snapshotOnDisk(long index) {
        diskSnapshotIndex = Math.max(diskSnapshotIndex, index);
    }

    void snapshotInMemory(long index) {
        memorySnapshotIndex = index;
    }

    /** Registers what is counted here. */
    public void register(Meters meters) {
        meters.gauge("etcd_server_proposals_applied_total", "Index of the newest applied entry.", this::appliedIndex);
        meters.flag(
                "etcd_server_snapshot_apply_in_progress_total",
                "1 while a received snapshot is being installed, 0 otherwise.",
                this::isInstalling);
        meters.gauge("quorate_snapshot_disk_index", "Newest snapshot on disk.", this::diskSnapshotIndex);
        meters.gauge("quorate_snapshot_memory_index", "Newest snapshot in memory.", this::memorySnapshotIndex);
    }
}
