package io.quorate.mvcc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import io.quorate.base.KeyRange;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.MvccException.FutureRevisionException;
import io.quorate.mvcc.MvccException.LoadingException;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.storage.Cursor;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.Reader.Scan;
import io.quorate.storage.View;
import io.quorate.storage.WriteSet;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The key space with all its versions.
 *
 * <p>The apply thread writes through {@link #beginBatch}; any thread reads through {@link #range} and {@link #read}. Reads see
 * whole published revisions only. The current revision starts at 1, the compacted one at -1; neither ever goes back, not by a
 * restart either.
 */
public final class MvccStore {

    private static final long FIRST_REVISION = 1;

    private final LeaseAttachments leases;
    private final Compaction compaction;

    /** Fair, so that neither a stream of batches nor one of reads keeps the other side out. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

    private volatile Database database;

    @GuardedBy("lock")
    private KeyIndex index = new KeyIndex();

    private volatile long currentRevision = FIRST_REVISION;
    private volatile long compactedRevision = Markers.NEVER;
    private @Nullable CommitObserver observer; // set once, before the first batch
    private volatile boolean broken;
    private volatile boolean loading;

    /** Loads the state of the database, with the default settings and the clock of the machine. */
    public MvccStore(Database database, LeaseAttachments leases) {
        this(database, leases, MvccSettings.DEFAULT, MonotonicClock.SYSTEM);
    }

    /**
     * Loads the state of the database.
     *
     * @param leases gets every attachment of a live key; must know all leases by now
     */
    public MvccStore(Database database, LeaseAttachments leases, MvccSettings options, MonotonicClock clock) {
        this.database = database;
        this.leases = leases;
        this.compaction = new Compaction(options, clock);
        restore(database);
    }

    /**
     * Replaces the whole state by that of another database, after a snapshot of the leader was installed. Attachments of the
     * new state are reported; those of the old one must have been forgotten by their owner. The caller closes the old
     * database once no reader uses it any more.
     */
    public void restore(Database replacement) {
        lock.writeLock().lock();
        try {
            checkUsable();
            database = replacement;
            index = load(replacement);
            Markers markers = Markers.read(replacement);
            long newest = Markers.newestRevision(replacement);
            currentRevision = Math.max(Math.max(newest, markers.newest()), FIRST_REVISION);
            compactedRevision = markers.newest();
            loading = replacement.get(Family.META, Markers.LOADING_KEY) != null;
            compaction.attach(replacement, markers);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * The same for a database that changes its content in place: neither reads nor the removal of old versions run while
     * {@code exchange} does.
     */
    public void replace(Database changed, Runnable exchange) {
        lock.writeLock().lock();
        try {
            compaction.suspended(() -> {
                exchange.run();
                restore(changed); // before another batch, which may finish more than is read here
            });
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** The newest published revision. */
    public long currentRevision() {
        return currentRevision;
    }

    /** The revision below which nothing can be read any more; -1 as long as nothing was compacted. */
    public long compactedRevision() {
        return compactedRevision;
    }

    /** Whether a state is being loaded in parts, so that nothing can be read. */
    public boolean isLoading() {
        return loading;
    }

    /** Live keys from one on, in order, with what is known about them; also while a state is being loaded. */
    public SequencedMap<Bytes, KeyMeta> liveKeys(Bytes from, int limit) {
        SequencedMap<Bytes, KeyMeta> keys = new LinkedHashMap<>();
        lock.readLock().lock();
        try {
            KeyIndex.Cursor cursor = index.cursor(KeyRange.of(from, KeyRange.ALL.start()));
            while (keys.size() < limit && cursor.next()) {
                keys.put(cursor.key(), cursor.meta());
            }
        } finally {
            lock.readLock().unlock();
        }
        return keys;
    }

    /** The number of live keys. */
    public int keyCount() {
        lock.readLock().lock();
        try {
            return index.size();
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * Reads one range of the published state. Holds the lock only to fix the state, not for the walk over the records.
     *
     * @throws CompactedException when the query names a revision below the compacted one
     * @throws FutureRevisionException when the query names a revision above the current one
     * @throws LoadingException while a state is being loaded; so do the other reads
     */
    public RangeResult range(RangeQuery query) {
        RangePlan plan;
        lock.readLock().lock();
        try {
            checkReadable();
            plan = prepare(query);
        } finally {
            lock.readLock().unlock();
        }
        return plan.run();
    }

    /**
     * Reads one range as {@link #range} does, but holds only what there is room for. The rest of a range in key order is counted
     * and measured, and left to be read from the same state.
     *
     * @param room asked for each record, with its size in bytes, whether it may be held; once it says no nothing is held any more
     * @return an {@link OpenRange}, which the caller closes, if there was no room; what is not in key order, and what the
     *     index answers, is a {@link RangeResult} in any case
     * @throws CompactedException when the query names a revision below the compacted one
     * @throws FutureRevisionException when the query names a revision above the current one
     */
    public RangeAnswer open(RangeQuery query, IntPredicate room) {
        RangeOpening opening;
        RangePlan plan;
        lock.readLock().lock();
        try {
            checkReadable();
            opening = RangeOpening.prepare(query, database, index, currentRevision, compactedRevision);
            plan = opening == null ? prepare(query) : null;
        } finally {
            lock.readLock().unlock();
        }
        return plan == null ? Objects.requireNonNull(opening).run(room) : plan.run();
    }

    /** Opens a view for several reads of the same state; see {@link ReadView} for what that costs others. */
    public ReadView read() {
        lock.readLock().lock();
        try {
            checkReadable();
            return new ReadView(this);
        } catch (Throwable problem) {
            lock.readLock().unlock();
            throw problem;
        }
    }

    /**
     * Begins a batch of raft entries whose changes go into one write set; takes the writer lock, which {@link
     * WriteBatch#publish} or {@link WriteBatch#abandon} must release on the same thread.
     */
    public WriteBatch beginBatch(WriteSet set) {
        Fault.check(observer != null, "the store is not connected");
        lock.writeLock().lock();
        if (broken || lock.getWriteHoldCount() > 1) {
            lock.writeLock().unlock();
            throw new Fault(broken ? "the key space is not usable after a failed batch" : "a batch is open already");
        }
        return new WriteBatch(this, database, index, leases, set);
    }

    /**
     * Sets the observers of new revisions and of compactions. Watches need this store, so they come later than the constructor:
     * once, before the first batch.
     */
    public void connect(CommitObserver commits, Compaction.Observer compactions) {
        Fault.check(observer == null, "the store is connected already");
        compaction.observe(compactions);
        observer = commits;
    }

    /** The reader of past changes for watches. */
    public HistoryReader history() {
        return new HistoryReader(this);
    }

    /** The agent that removes what was compacted away. */
    public Compaction compaction() {
        return compaction;
    }

    /**
     * Hashes the history; see {@link HashKv}.
     *
     * @param revision the last revision to take in; 0 or less means the newest
     * @throws CompactedException when the revision lies below the compacted one
     * @throws FutureRevisionException when the revision lies above the current one
     */
    public HashKv.Result hashKv(long revision) {
        View view;
        HashKv hash;
        lock.readLock().lock();
        try {
            checkReadable();
            long upTo = RangePlan.resolve(revision, currentRevision, compactedRevision);
            view = database.view();
            hash = new HashKv(view, upTo, compactedRevision, currentRevision);
        } finally {
            lock.readLock().unlock();
        }
        try (view) {
            return hash.compute();
        }
    }

    /** A lock must be held. */
    RangePlan prepare(RangeQuery query) {
        return RangePlan.prepare(query, database, index, currentRevision, compactedRevision);
    }

    /** A lock must be held. */
    @Nullable
    KeyValue get(Bytes key) {
        return index.get(key) == null ? null : Records.parse(RangePlan.stored(database, key));
    }

    /** A lock must be held. */
    KeyIndex index() {
        return index;
    }

    Database database() {
        return database;
    }

    void releaseRead() {
        lock.readLock().unlock();
    }

    /** Called by the batch with the writer lock held, which is released here whatever happens. */
    void publish(WriteBatch batch) {
        CommitObserver connected = Objects.requireNonNull(observer);
        boolean published = false;
        try {
            for (WriteBatch.Commit commit : batch.commits()) {
                connected.committed(commit.revision(), commit.events());
            }
            currentRevision = batch.revision();
            compactedRevision = batch.compactedRevision();
            changeLoading(connected, batch.isLoading());
            published = true;
        } finally {
            broken |= !published;
            lock.writeLock().unlock();
        }
        if (batch.schedulesCompaction()) {
            compaction.request(batch.compactedRevision());
        }
    }

    private void changeLoading(CommitObserver connected, boolean now) {
        boolean before = loading;
        loading = now;
        if (now && !before) {
            connected.restoring();
        } else if (before && !now) {
            connected.restored();
        }
    }

    /** Called by a batch that cannot be finished: index and database may disagree from now on. */
    void abandon() {
        broken = true;
        lock.writeLock().unlock();
    }

    private void checkUsable() {
        if (broken) {
            throw new Fault("the key space is not usable after a failed batch");
        }
    }

    private void checkReadable() {
        checkUsable();
        if (loading) {
            throw new LoadingException();
        }
    }

    private KeyIndex load(Database source) {
        KeyIndex.Loader loader = new KeyIndex.Loader();
        try (Cursor cursor = source.cursor(Family.CURRENT, null, null, Scan.LONG)) {
            for (; cursor.isValid(); cursor.next()) {
                byte[] key = cursor.key();
                KeyMeta meta = Records.parseMeta(cursor.value());
                loader.append(key, meta);
                if (meta.lease() != 0) {
                    leases.attach(meta.lease(), Bytes.wrap(key));
                }
            }
        }
        return loader.build();
    }

    /** Registers what is counted here. */
    public void register(Meters meters) {
        meters.gauge("etcd_debugging_mvcc_current_revision", "Current revision.", this::currentRevision);
        meters.gauge("etcd_debugging_mvcc_compact_revision", "Newest compacted revision.", this::compactedRevision);
        meters.gauge("etcd_debugging_mvcc_keys_total", "Keys that exist.", this::keyCount);
    }

    /**
     * Receives the attachments of keys to leases.
     *
     * <p>Called by the apply thread while it holds the store's lock, and while the store loads. Whether the lease of a put
     * exists is checked before the write; a lease that is unknown here is a broken invariant.
     */
    public interface LeaseAttachments {

        void attach(long lease, Bytes key);

        void detach(long lease, Bytes key);
    }
}
