package io.quorate.node;

import io.quorate.base.Agent;
import io.quorate.base.AgentThread;
import io.quorate.base.Fault;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Waker;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalSnapshot;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import io.quorate.raft.Message;
import io.quorate.raft.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Makes the core's log writes durable: everything that arrived while the last fsync ran goes into the next one.
 *
 * <p>Order within a batch is the order of submission. Only after the fsync are the writes reported back, which is what
 * lets the core count its own vote and its own copy of an entry.
 *
 * <p>Writes run on the {@code wal-writer} thread; any thread submits them.
 */
public final class LogWriter implements Agent {

    /**
     * One write.
     *
     * @param message what the core wants stored; null when the work is only a note or a purge
     * @param persisted completes after the fsync that covers the write
     * @param task runs after the batch, on the thread that owns the log
     */
    record Write(
            @Nullable Message message,
            CompletableFuture<Void> persisted,
            @Nullable Runnable task) {}

    private static final int SNAPSHOTS_KEPT = 5;
    private static final int CHUNK = 256;

    private final Wal wal;
    private final SnapshotFiles snapshots;
    private @Nullable Consumer<List<Message>> durable;
    private final Observer observer;
    private final MonotonicClock clock;
    private final MpscUnboundedArrayQueue<Write> queue = new MpscUnboundedArrayQueue<>(CHUNK);
    private final AtomicLong lastSyncNanos = new AtomicLong();
    private final Waker waker = new Waker();
    private HardState stored;

    /** Index of the newest change of the members; at the start any entry may be one. */
    private long newestChange;

    /** Learns of what goes to disk, in nanoseconds; for the metrics. */
    public interface Observer {

        /** A batch was written, then made durable. */
        void synced(long writeNanos, long fsyncNanos);

        /** A snapshot's file was saved. */
        void snapshotSaved(long nanos);
    }

    /**
     * @param recovered the hard state that the log holds at the start
     */
    public LogWriter(Wal wal, SnapshotFiles snapshots, HardState recovered, Observer observer, MonotonicClock clock) {
        this.wal = wal;
        this.snapshots = snapshots;
        this.stored = recovered;
        this.newestChange = wal.lastIndex();
        this.observer = observer;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "wal-writer";
    }

    /** Lets submissions wake the thread that runs this. */
    public void attach(AgentThread own) {
        waker.attach(own);
    }

    /** Sets the receiver of a batch's messages, in order, once they are durable: the node, which needs the writer. Called once. */
    void connect(Consumer<List<Message>> listener) {
        Fault.check(durable == null, "the log is connected already");
        durable = listener;
    }

    /** Queues a write of the core; never blocks. The number of writes under way is bounded by the node's inbox. */
    void submit(Message message, CompletableFuture<Void> persisted) {
        enqueue(new Write(message, persisted, null));
    }

    /** Stores a snapshot of this member's own state and drops the segments that it makes superfluous. */
    void snapshotTaken(Snapshot taken, int maxWals) {
        enqueue(new Write(null, new CompletableFuture<>(), () -> {
            save(taken);
            wal.appendSnapshot(new WalSnapshot(taken.index(), taken.term(), taken.confState()));
            wal.sync();
            wal.releaseTo(taken.index());
            wal.purge(maxWals);
            snapshots.purge(SNAPSHOTS_KEPT);
        }));
    }

    private void enqueue(Write write) {
        queue.offer(write);
        waker.wake();
    }

    /** How long the last fsync took, in nanoseconds; 0 before the first. */
    public long lastSyncNanos() {
        return lastSyncNanos.get();
    }

    @Override
    public long doWork() {
        List<Write> batch = new ArrayList<>();
        queue.drain(batch::add);
        if (batch.isEmpty()) {
            return UNTIL_WOKEN;
        }
        boolean sync = false;
        List<Message> written = new ArrayList<>(batch.size());
        for (Write write : batch) {
            Message message = write.message();
            if (message != null) {
                sync |= write(message);
                written.add(message);
            }
        }
        if (sync) {
            long nanos = wal.sync();
            lastSyncNanos.set(nanos);
            observer.synced(wal.lastWriteNanos(), nanos);
        }
        if (!written.isEmpty()) {
            Objects.requireNonNull(durable, "the log is not connected").accept(written);
        }
        for (Write write : batch) {
            if (write.task() != null) {
                write.task().run();
            }
            write.persisted().complete(null);
        }
        return 0;
    }

    /**
     * Writes without syncing. A snapshot's file comes before the record that names it, so that a record never points to
     * nothing.
     *
     * @return whether the write must be fsynced before it may be reported
     */
    private boolean write(Message message) {
        Snapshot snapshot = message.snapshot();
        if (snapshot != null && !snapshot.isEmpty()) {
            save(snapshot);
            wal.appendSnapshot(new WalSnapshot(snapshot.index(), snapshot.term(), snapshot.confState()));
        }
        HardState state = hardStateOf(message);
        wal.append(state, message.entries());
        boolean mustSync = !message.entries().isEmpty() || snapshot != null || state != null && mustLast(state);
        if (state != null) {
            stored = state;
        }
        noteChanges(message.entries());
        return mustSync;
    }

    /**
     * A commit index may be lost, as others know it too, but not that of a change of the members: one that it removed may be
     * gone by the time that its vote would be needed again.
     */
    private boolean mustLast(HardState state) {
        return state.isNewPromise(stored) || state.commit() != stored.commit() && stored.commit() < newestChange;
    }

    private void noteChanges(List<Entry> entries) {
        for (Entry entry : entries) {
            if (entry.type() != EntryType.NORMAL) {
                newestChange = entry.index();
            }
        }
    }

    private void save(Snapshot snapshot) {
        long started = clock.nanos();
        snapshots.save(snapshot);
        observer.snapshotSaved(clock.nanos() - started);
    }

    /** Bytes that this process wrote to the log. */
    public long bytesWritten() {
        return wal.bytesWritten();
    }

    static @Nullable HardState hardStateOf(Message message) {
        boolean absent = message.term() == 0 && message.vote() == 0 && message.commit() == 0;
        return absent ? null : new HardState(message.term(), message.vote(), message.commit());
    }

    @Override
    public void onStop() {
        doWork();
        wal.close();
    }

    /** Registers what is counted here. */
    public void register(Meters meters) {
        meters.gauge(
                "etcd_disk_wal_write_bytes_total", "Bytes written to the log since the start.", this::bytesWritten);
    }
}
