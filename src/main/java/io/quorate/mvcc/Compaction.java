package io.quorate.mvcc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.base.Fault;
import io.quorate.base.MonotonicClock;
import io.quorate.storage.Cursor;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.Reader.Scan;
import io.quorate.storage.WriteSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Removes old versions in the background: an agent that the maintenance thread drives by {@link #doWork}, one batch a call.
 *
 * <p>A compaction at revision R takes effect when its entry is applied ({@link WriteBatch#compact}); from then on no reader may
 * read below R, and what only such reads needed is removed here. Each key keeps its newest version at or below R, unless that
 * is a deletion older than R; a deletion exactly at R stays until a later compaction. Example: a key put at 2, put at 5 and
 * deleted at 7 keeps everything after compaction at 1, the put of 5 on after one at 6, the deletion after one at 7, and
 * nothing after one at 8.
 *
 * <p>The walk goes over {@code VERSIONS}, where the versions of a key stand together. It starts over after a restart, which
 * does no harm: what was removed is not met again. Compactions that are applied during a walk are served by one more walk at
 * the newest of their revisions.
 */
public final class Compaction {

    /** Entries looked at, for each entry that may be removed, before a batch ends. */
    private static final int VISITS_PER_REMOVAL = 10;

    private final MvccSettings options;
    private final MonotonicClock clock;

    /** Held during a batch, and while the database is replaced. */
    private final ReentrantLock working = new ReentrantLock();

    @GuardedBy("working")
    private @Nullable Database database;

    @GuardedBy("working")
    private @Nullable CompactionWalk walk;

    @GuardedBy("working")
    private long walkBegunNanos;

    private volatile Observer observer = Observer.NONE; // set with that of the store
    /** When the last batch ended. Read and written by the one thread that calls {@link #doWork}. */
    private long batchEndNanos;

    /** Guards what follows; held for moments only. */
    private final Object state = new Object();

    @GuardedBy("state")
    private final List<Waiter> waiters = new ArrayList<>();

    @GuardedBy("state")
    private long scheduled = Markers.NEVER;

    @GuardedBy("state")
    private long finished = Markers.NEVER;

    @GuardedBy("state")
    private boolean paused;

    @GuardedBy("state")
    private @Nullable Runnable wakeUp;

    /** Learns of the work, on the maintenance thread. */
    public interface Observer {

        /** Does nothing. */
        Observer NONE = new Observer() {
            @Override
            public void step(int versionsRemoved, long nanos) {}

            @Override
            public void finished(long nanos) {}
        };

        /** One batch is done. */
        void step(int versionsRemoved, long nanos);

        /** A compaction has removed all it had to, so many nanoseconds after it began. */
        void finished(long nanos);
    }

    private record Waiter(long revision, CompletableFuture<Void> finished) {}

    Compaction(MvccSettings options, MonotonicClock clock) {
        this.options = options;
        this.clock = clock;
        this.batchEndNanos = clock.nanos() - options.compactionPause().toNanos();
    }

    /**
     * Does one batch if one is due: there is something to remove, the agent is not paused, and the pause since the last
     * batch is over. Called by one thread.
     *
     * @return how many entries were looked at or removed; 0 when nothing was due
     */
    public int doWork() {
        if (clock.nanos() - batchEndNanos < options.compactionPause().toNanos()) {
            return 0;
        }
        return step();
    }

    /** As {@link #doWork}, without regard to the pause between batches. */
    public int step() {
        working.lock();
        try {
            CompactionWalk running = running();
            if (running == null) {
                return 0;
            }
            int done = batch(running);
            batchEndNanos = clock.nanos();
            return done;
        } finally {
            working.unlock();
        }
    }

    /** Whether there is nothing to remove. */
    public boolean isIdle() {
        synchronized (state) {
            return finished >= scheduled;
        }
    }

    /** The revision of the newest compaction that was applied; -1 for none. */
    public long scheduledRevision() {
        synchronized (state) {
            return scheduled;
        }
    }

    /** The revision of the newest compaction whose removal has ended; -1 for none. */
    public long finishedRevision() {
        synchronized (state) {
            return finished;
        }
    }

    /** Completes when everything that a compaction at the revision has to remove is removed, on the maintenance thread. */
    public CompletionStage<Void> whenFinished(long revision) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        synchronized (state) {
            if (finished < revision) {
                waiters.add(new Waiter(revision, future));
                return future.minimalCompletionStage();
            }
        }
        future.complete(null);
        return future.minimalCompletionStage();
    }

    /** Completes when the compactions that are applied by now have removed what they have to. */
    public CompletionStage<Void> whenIdle() {
        return whenFinished(scheduledRevision());
    }

    /** Stops removing after the batch that runs; compactions are still accepted. */
    public void pause() {
        synchronized (state) {
            paused = true;
        }
    }

    public void resume() {
        @Nullable Runnable wake;
        synchronized (state) {
            paused = false;
            wake = wakeUp;
        }
        wake(wake);
    }

    /** A caller that does the work by hand need not be woken. */
    private static void wake(@Nullable Runnable owner) {
        if (owner != null) {
            owner.run();
        }
    }

    /** Sets what to run, on whichever thread, when there may be new work: it wakes the owner of this agent. Once. */
    public void onWork(Runnable wakeUp) {
        synchronized (state) {
            Fault.check(this.wakeUp == null, "the compaction is connected already");
            this.wakeUp = wakeUp;
        }
    }

    /** Sets the observer of the work; when the store is connected. */
    void observe(Observer next) {
        observer = next;
    }

    /** Called when the revision is published. */
    void request(long revision) {
        @Nullable Runnable wake;
        synchronized (state) {
            scheduled = Math.max(scheduled, revision);
            wake = wakeUp;
        }
        wake(wake);
    }

    /** Runs something between two batches. */
    void suspended(Runnable task) {
        working.lock();
        try {
            task.run();
        } finally {
            working.unlock();
        }
    }

    /** Works on this database from now on, where the markers say a compaction was left off. */
    void attach(Database replacement, Markers markers) {
        working.lock();
        try {
            database = replacement;
            walk = null;
        } finally {
            working.unlock();
        }
        synchronized (state) {
            scheduled = markers.newest();
        }
        finish(markers.finished());
    }

    @GuardedBy("working")
    private @Nullable CompactionWalk running() {
        synchronized (state) {
            if (paused) {
                return null;
            }
            if (walk == null && finished < scheduled) {
                walk = new CompactionWalk(scheduled);
                walkBegunNanos = clock.nanos();
            }
            return walk;
        }
    }

    @GuardedBy("working")
    private int batch(CompactionWalk running) {
        Database target = database;
        if (target == null) {
            return 0;
        }
        int visitsMax = Math.multiplyExact(options.compactionBatchRevisions(), VISITS_PER_REMOVAL);
        int visited = 0;
        int removed;
        boolean ended;
        long begun = clock.nanos();
        try (WriteSet removals = target.newWriteSet();
                Cursor cursor = target.cursor(Family.VERSIONS, running.place(), null, Scan.LONG)) {
            while (cursor.isValid() && visited < visitsMax && running.removed() < options.compactionBatchRevisions()) {
                running.visit(cursor.key(), cursor.value().length > 0, removals);
                visited++;
                cursor.next();
            }
            ended = !cursor.isValid();
            if (ended) {
                running.end(removals);
                removals.put(Family.META, Markers.FINISHED_KEY, Markers.value(running.revision()));
            }
            removed = running.removed();
            running.batchEnds();
            if (removals.count() > 0) {
                target.write(removals);
            }
        }
        long now = clock.nanos();
        observer.step(removed, now - begun);
        if (ended) {
            observer.finished(now - walkBegunNanos);
            walk = null;
            finish(running.revision());
        }
        return visited + 1;
    }

    private void finish(long revision) {
        List<CompletableFuture<Void>> done = new ArrayList<>();
        synchronized (state) {
            finished = revision;
            for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
                Waiter waiter = each.next();
                if (waiter.revision() <= revision) {
                    done.add(waiter.finished());
                    each.remove();
                }
            }
        }
        done.forEach(future -> future.complete(null));
    }
}
