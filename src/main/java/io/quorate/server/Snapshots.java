package io.quorate.server;

import io.quorate.base.Fault;
import io.quorate.base.MonotonicClock;
import io.quorate.node.RaftNode;
import io.quorate.raft.ConfState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Decides when to take a snapshot. On disk: the state machine is flushed, then its index is recorded, so that the log
 * below may go; that runs on the {@code maintenance} thread and never delays apply. In memory: the log kept for slow
 * followers is cut. Triggers as in etcd (docs/etcd-v3.md, section 7.3).
 */
@Slf4j
public final class Snapshots {

    /**
     * Entries kept in memory for a member that is getting a snapshot; beyond that it may need another one. The node bounds
     * their bytes ({@link io.quorate.node.NodeSettings#catchUpBytes}).
     */
    private static final long HELD_ENTRIES = 500_000;

    /**
     * How often.
     *
     * <p>A flush every ten thousand entries would be several in a second for a busy member, each leaving small files that
     * must be merged again: a third of a processor. The rest bounds what a restart has to replay instead: the entries of
     * that time.
     *
     * @param snapshotCount applied entries between two snapshots on disk
     * @param memoryStep applied entries between two cuts of the log in memory
     * @param memoryStepBytes of applied entries after which it is cut sooner: a hundred entries may be 150 MiB
     * @param catchUpEntries entries kept in memory below the applied index
     * @param rest how long to wait after a snapshot on disk, whatever the count says
     */
    public record Intervals(
            long snapshotCount, long memoryStep, long memoryStepBytes, long catchUpEntries, Duration rest) {}

    private final ApplyProgress progress;
    private final RaftNode node;
    private final Runnable flush;
    private final Executor maintenance;
    private final Fault.Sink faults;
    private final Intervals intervals;
    private final MonotonicClock clock;
    private final AtomicBoolean flushing = new AtomicBoolean();
    private final BooleanSupplier held;
    private volatile long restUntil;
    private long bytesSinceCut;

    /**
     * @param flush makes everything applied so far durable; may take long, throws a fault when it fails
     * @param held whether a follower that receives a snapshot will need entries that are older than usual
     */
    public Snapshots(
            ApplyProgress progress,
            RaftNode node,
            Runnable flush,
            Executor maintenance,
            Fault.Sink faults,
            Intervals intervals,
            BooleanSupplier held,
            MonotonicClock clock) {
        this.progress = progress;
        this.node = node;
        this.flush = flush;
        this.maintenance = maintenance;
        this.faults = faults;
        this.intervals = intervals;
        this.held = held;
        this.clock = clock;
        this.restUntil = clock.nanos();
    }

    /**
     * Called on the {@code apply} thread after each packet.
     *
     * @param bytes of the entries in it
     */
    void afterApply(long bytes, CompletableFuture<Void> persisted) {
        long applied = progress.appliedIndex();
        bytesSinceCut += bytes;
        if (applied > progress.memorySnapshotIndex() + intervals.memoryStep()
                || bytesSinceCut > intervals.memoryStepBytes()) {
            bytesSinceCut = 0;
            progress.snapshotInMemory(applied);
            long keep = intervals.catchUpEntries();
            node.snapshotInMemory(
                    applied, progress.confState(), held.getAsBoolean() ? Math.max(HELD_ENTRIES, keep) : keep);
        }
        if (applied - progress.diskSnapshotIndex() > intervals.snapshotCount() && isRested()) {
            requestDiskSnapshot(persisted);
        }
    }

    private boolean isRested() {
        return clock.nanos() - restUntil >= 0;
    }

    /** One at a time; while it runs, more entries are applied, and the next one covers them. */
    private void requestDiskSnapshot(CompletableFuture<Void> persisted) {
        if (!flushing.compareAndSet(false, true)) {
            return;
        }
        long index = progress.appliedIndex();
        long term = progress.appliedTerm();
        ConfState confState = progress.confState();
        CompletableFuture<Void> unused = persisted
                .thenRunAsync(() -> takeDiskSnapshot(index, term, confState), maintenance)
                .whenComplete(this::diskSnapshotEnded);
    }

    private void diskSnapshotEnded(Void nothing, @Nullable Throwable failure) {
        restUntil = clock.nanos() + intervals.rest().toNanos();
        flushing.set(false);
        if (failure != null) {
            faults.fatal(failure);
        }
    }

    /** Flushes first: the record that lets the log shrink must never be ahead of the state on disk. */
    private void takeDiskSnapshot(long index, long term, ConfState confState) {
        flush.run();
        node.snapshotOnDisk(index, term, confState);
        progress.snapshotOnDisk(index);
        log.debug("snapshot at index {} term {}", index, term);
    }
}
