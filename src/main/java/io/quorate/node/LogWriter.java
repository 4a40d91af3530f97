package io.quorate.node;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.base.Agent;
import io.quorate.base.AgentThread;
import io.quorate.base.Fault;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Waker;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalSnapshot;
import io.quorate.raft.HardState;
import io.quorate.raft.Message;
import io.quorate.raft.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Makes the core's log writes durable: everything that arrived while the last fsync ran goes into the next one.
 *
 * <p>Order within a batch is the order of submission. Only after the fsync are the writes reported back, which is what
 * lets the core count its own vote and its own copy of an entry.
 *
 * <p>Writes run on the {@code wal-writer} thread, or on that of the node where it asks for that; the node submits them. What else is to
 * be done to the log, any thread submits, and {@code wal-writer} does it. The lock {@link #turn} hands the log from one to the other.
 */
public final class LogWriter implements Agent {

    /**
     * One write.
     *
     * @param message what the core wants stored
     * @param persisted completes after the fsync that covers the write
     * @param sync whether it must be fsynced before it may be reported
     */
    record Write(Message message, CompletableFuture<Void> persisted, boolean sync) {}

    private static final int SNAPSHOTS_KEPT = 5;
    private static final int CHUNK = 256;

    /** A disk whose last fsync took longer may stall, which must not stall the node. */
    private static final long QUICK_SYNC_NANOS = Duration.ofMillis(2).toNanos();

    /** Held by the thread that uses the log on disk. */
    private final ReentrantLock turn = new ReentrantLock();

    private final Wal wal;
    private final SnapshotFiles snapshots;
    private @Nullable Consumer<List<Message>> durable;
    private final Observer observer;
    private final MonotonicClock clock;
    private final MpscUnboundedArrayQueue<Write> queue = new MpscUnboundedArrayQueue<>(CHUNK);
    private final MpscUnboundedArrayQueue<Runnable> tasks = new MpscUnboundedArrayQueue<>(CHUNK);
    private final AtomicLong lastSyncNanos = new AtomicLong();
    private final Waker waker = new Waker();

    private final WritePromises promises; // of the node's thread

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
        this.promises = new WritePromises(recovered, wal.lastIndex());
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

    /**
     * Queues a write of the core; never blocks. It is done after {@link #wake} or by {@link #writeHere}. The number of writes under way is
     * bounded by the node's inbox.
     */
    void submit(Message message, CompletableFuture<Void> persisted) {
        queue.offer(new Write(message, persisted, promises.note(message)));
    }

    /** Whether the node may keep a write of the core, which is the next one, until it has another or its clock ticks. */
    boolean mayWait(Message message) {
        return promises.mayWait(message);
    }

    /** Has the thread of the log do what is queued. */
    void wake() {
        waker.wake();
    }

    /**
     * Does the queued writes on the calling thread, the node's, which then need not wake another thread and be woken by it.
     *
     * @return false, with nothing done, while the log has another thread or the disk is not quick
     */
    boolean writeHere() {
        if (lastSyncNanos.get() > QUICK_SYNC_NANOS || !turn.tryLock()) {
            return false;
        }
        try {
            writeQueued();
        } finally {
            turn.unlock();
        }
        return true;
    }

    /** Stores a snapshot of this member's own state and drops the segments that it makes superfluous. */
    void snapshotTaken(Snapshot taken, int maxWals) {
        tasks.offer(() -> {
            save(taken);
            wal.appendSnapshot(new WalSnapshot(taken.index(), taken.term(), taken.confState()));
            wal.sync();
            wal.releaseTo(taken.index());
            wal.purge(maxWals);
            snapshots.purge(SNAPSHOTS_KEPT);
        });
        waker.wake();
    }

    /** How long the last fsync took, in nanoseconds; 0 before the first. */
    public long lastSyncNanos() {
        return lastSyncNanos.get();
    }

    @Override
    public long doWork() {
        turn.lock();
        try {
            boolean worked = writeQueued();
            worked |= tasks.drain(Runnable::run) > 0;
            return worked ? 0 : UNTIL_WOKEN;
        } finally {
            turn.unlock();
        }
    }

    /** One batch, with one fsync. False if nothing was queued. */
    @GuardedBy("turn")
    private boolean writeQueued() {
        List<Write> batch = new ArrayList<>();
        queue.drain(batch::add);
        if (batch.isEmpty()) {
            return false;
        }
        boolean sync = false;
        List<Message> written = new ArrayList<>(batch.size());
        for (Write write : batch) {
            sync |= write.sync();
            write(write.message());
            written.add(write.message());
        }
        if (sync) {
            long nanos = wal.sync();
            lastSyncNanos.set(nanos);
            observer.synced(wal.lastWriteNanos(), nanos);
        }
        Objects.requireNonNull(durable, "the log is not connected").accept(written);
        batch.forEach(write -> write.persisted().complete(null));
        return true;
    }

    /** Writes without syncing. A snapshot's file comes before the record that names it, so that a record never points to nothing. */
    @GuardedBy("turn")
    private void write(Message message) {
        Snapshot snapshot = message.snapshot();
        if (snapshot != null && WritePromises.hasSnapshot(message)) {
            save(snapshot);
            wal.appendSnapshot(new WalSnapshot(snapshot.index(), snapshot.term(), snapshot.confState()));
        }
        wal.append(WritePromises.hardStateOf(message), message.entries());
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

    @Override
    public void onStop() {
        doWork();
        turn.lock();
        try {
            wal.close();
        } finally {
            turn.unlock();
        }
    }

    /** Registers what is counted here. */
    public void register(Meters meters) {
        meters.gauge(
                "etcd_disk_wal_write_bytes_total", "Bytes written to the log since the start.", this::bytesWritten);
    }
}
