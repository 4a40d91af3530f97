package io.quorate.mvcc;

import io.quorate.base.Fault;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.MvccException.FutureRevisionException;
import io.quorate.mvcc.MvccStore.LeaseAttachments;
import io.quorate.proto.mvccpb.Event;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.WriteSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several raft entries whose changes reach the database in one write. Used by the apply thread only, which holds the
 * writer lock from {@link MvccStore#beginBatch} to {@link #publish}.
 *
 * <p>The order is: a {@link WriteTxn} per entry, one after the other; then the owner writes the set to the database; then
 * {@link #publish}. Publishing before the write would show readers what a crash can take back.
 */
public final class WriteBatch {

    /** The changes of one revision. */
    record Commit(long revision, List<Event> events) {}

    private final MvccStore store;
    private final Database database;
    private final KeyIndex index;
    private final LeaseAttachments leases;
    private final WriteSet set;
    private final PendingRecords pending = new PendingRecords();
    private final List<Commit> commits = new ArrayList<>();
    private final long baseRevision;
    private long revision;
    private long compactedRevision;
    private boolean schedulesCompaction;
    private boolean loading;
    private boolean over;
    private @Nullable Object open;

    WriteBatch(MvccStore store, Database database, KeyIndex index, LeaseAttachments leases, WriteSet set) {
        this.store = store;
        this.database = database;
        this.index = index;
        this.leases = leases;
        this.set = set;
        this.baseRevision = store.currentRevision();
        this.revision = baseRevision;
        this.compactedRevision = store.compactedRevision();
        this.loading = store.isLoading();
    }

    /** Begins the transaction of the next entry; the one before must have ended. */
    public WriteTxn begin() {
        checkIdle();
        BatchTxn txn = new BatchTxn(this, database, index, leases, set);
        open = txn;
        return txn;
    }

    /** Begins one revision that another store made; the one before must have ended. */
    public CopiedChanges beginCopy() {
        checkIdle();
        Fault.check(!loading, "a revision is copied while a state is being loaded");
        CopiedChanges copy = new CopiedChanges(this, index, leases, set);
        open = copy;
        return copy;
    }

    /**
     * Begins a part of a state that another store made, with gaps in its history. From the first part to {@link #endLoad}
     * nothing can be read, on this member and after a restart of it, and no observer learns of revisions.
     */
    public CopiedChanges beginLoad() {
        checkIdle();
        if (!loading) {
            set.put(Family.META, Markers.LOADING_KEY, new byte[0]);
            loading = true;
        }
        CopiedChanges copy = new CopiedChanges(this, index, leases, set);
        open = copy;
        return copy;
    }

    /**
     * The state is complete.
     *
     * @param newest its newest revision, which may be without a record
     */
    public void endLoad(long newest) {
        checkIdle();
        set.delete(Family.META, Markers.LOADING_KEY);
        loading = false;
        revision = Math.max(revision, newest);
    }

    /** Whether a state is being loaded, including what this batch did. */
    public boolean isLoading() {
        return loading;
    }

    /** The newest revision, including the entries of this batch that have ended. */
    public long revision() {
        return revision;
    }

    /** The compacted revision, including compactions of this batch. */
    public long compactedRevision() {
        return compactedRevision;
    }

    /**
     * Compacts: once the batch is published, revisions below the given one cannot be read any more, and the removal of what
     * they alone need goes on in the background ({@link Compaction#whenFinished}). Makes no new revision.
     *
     * @param at the revision; 0 is allowed as the very first compaction
     * @throws CompactedException when it does not exceed the compacted revision
     * @throws FutureRevisionException when it exceeds the current revision
     */
    public void compact(long at) {
        checkIdle();
        if (at <= compactedRevision) {
            throw new CompactedException(at, compactedRevision);
        }
        if (at > revision) {
            throw new FutureRevisionException(at, revision);
        }
        set.put(Family.META, Markers.SCHEDULED_KEY, Markers.value(at));
        compactedRevision = at;
        schedulesCompaction = true;
    }

    /** Shows the changes to the observer and then to readers, and ends the batch; its set must be in the database. */
    public void publish() {
        checkIdle();
        over = true;
        store.publish(this);
    }

    /** Ends a batch that failed. The store cannot be used any more: what it holds in memory was never written. */
    public void abandon() {
        if (!over) {
            over = true;
            store.abandon();
        }
    }

    long baseRevision() {
        return baseRevision;
    }

    PendingRecords pending() {
        return pending;
    }

    List<Commit> commits() {
        return commits;
    }

    boolean schedulesCompaction() {
        return schedulesCompaction;
    }

    /** Called by the open transaction when it ends; no events mean no revision. */
    void ended(List<Event> events) {
        open = null;
        if (!events.isEmpty()) {
            revision++;
            commits.add(new Commit(revision, events));
        }
    }

    /** Called by the open copy when it ends. */
    void copied(long newest, List<Event> events) {
        if (loading) {
            open = null;
            revision = Math.max(revision, newest);
        } else {
            ended(events);
        }
    }

    private void checkIdle() {
        if (over || open != null) { // spelled out: this runs for every entry, and the arguments of a check are garbage
            throw new Fault("the batch is over (" + over + ") or has an open transaction");
        }
    }
}
