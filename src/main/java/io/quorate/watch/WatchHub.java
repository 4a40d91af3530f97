package io.quorate.watch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.base.Agent;
import io.quorate.base.MonotonicClock;
import io.quorate.mvcc.CommitObserver;
import io.quorate.proto.mvccpb.Event;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Matches changes to watchers and keeps every watcher supplied: synced ones as changes are committed, unsynced ones from
 * history, victims (those whose stream was full) as room becomes free. See the package description for threads and locks.
 */
public final class WatchHub implements Agent, CommitObserver {

    /** Nothing is due. */
    private static final long NEVER = UNTIL_WOKEN;

    /** How long to wait for revisions that are reported but not visible yet; the apply thread is about to show them. */
    private static final long VISIBILITY_NANOS = 50_000;

    private static final long STALLED_NANOS = 1_000_000;

    /** Guards the groups of watchers and what is due. Callers of methods that are marked with it hold it. */
    final ReentrantLock lock = new ReentrantLock();

    private final WatchSettings settings;
    private final History history;
    private final MonotonicClock clock;
    private final long origin;
    private final Runnable wakeUp;

    /** Guarded by the lock, except for {@link WatcherGroups#announce}. */
    private final WatcherGroups groups;

    @GuardedBy("lock")
    private final RecentRevisions recent;

    @GuardedBy("lock")
    private final ProgressReports progress;

    @GuardedBy("lock")
    private final Matches matches = new Matches();

    @GuardedBy("lock")
    private boolean suspended;

    @GuardedBy("lock")
    private long restores;

    @GuardedBy("lock")
    private long victimsDue = NEVER;

    @GuardedBy("lock")
    private long catchUpDue = NEVER;

    @GuardedBy("lock")
    private long previousDue = NEVER;

    @GuardedBy("lock")
    private long restUntil = NEVER;

    // Owned by watch-sync, except for the queue inside of previous.
    private final PreviousRecords previous;
    private final CatchUp catchUp;
    private final Signals syncSignals;

    /** Owned by the apply thread. */
    private final Signals applySignals;

    private final WatchCounts counts = new WatchCounts();

    /**
     * Creates the engine at the store's current revision.
     *
     * @param wakeUp wakes the {@code watch-sync} thread if it rests; called on any thread, must not block
     * @param random source of the jitter of progress reports
     */
    public WatchHub(
            History history, WatchSettings settings, MonotonicClock clock, RandomGenerator random, Runnable wakeUp) {
        this.history = history;
        this.settings = settings;
        this.clock = clock;
        this.origin = clock.nanos();
        this.wakeUp = wakeUp;
        this.groups = new WatcherGroups(history.currentRevision());
        this.recent = new RecentRevisions(settings.recentRevisions(), settings.recentBytes());
        this.progress = new ProgressReports(settings.progressInterval().toNanos(), random);
        this.previous = new PreviousRecords(history);
        this.catchUp = new CatchUp(this, history, settings);
        this.syncSignals = newSignals();
        this.applySignals = newSignals();
    }

    /** Opens a stream whose messages go to the sink; it has to be closed, which gives back what its watchers hold. */
    public WatchStream open(WatchStream.WatchSink sink, WatchMemory room) {
        counts.opened();
        return new WatchStream(this, sink, room);
    }

    /**
     * Takes a new revision with its events, in order; on the apply thread, before readers see the revision. Costs two
     * accesses to volatile fields when there is no watcher, and never waits for a client.
     */
    @Override
    public void committed(long revision, List<Event> events) {
        if (!groups.announce(revision)) {
            return;
        }
        lock.lock();
        try {
            notifySynced(revision, List.copyOf(events), applySignals);
        } finally {
            lock.unlock();
        }
        applySignals.fire();
    }

    /**
     * The store is about to be replaced by a snapshot: until {@link #restored} no watcher catches up, and what was read of
     * history but not handed over counts as not read. Called on the apply thread.
     */
    @Override
    public void restoring() {
        lock.lock();
        try {
            suspended = true;
            restores++;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The store was replaced by a snapshot and shows its revision: every synced watcher has to catch up from history. Called
     * on the apply thread.
     */
    @Override
    public void restored() {
        lock.lock();
        try {
            suspended = false;
            groups.restart(history.currentRevision());
            recent.clear();
            if (groups.unsyncedCount() > 0) {
                catchUpBy(now(), applySignals);
            }
        } finally {
            lock.unlock();
        }
        applySignals.fire();
    }

    @Override
    public String name() {
        return "watch-sync";
    }

    /**
     * Does what is due: adds previous records, retries victims, runs one catch-up pass, reports progress. Called by the
     * owner of {@code watch-sync} only.
     *
     * @return nanoseconds until the next call is needed unless woken earlier; 0 if there is more to do at once
     */
    @Override
    public long doWork() {
        addPreviousRecords();
        retryVictims();
        runCatchUp();
        reportProgress();
        lock.lock();
        try {
            long now = now();
            restUntil = Math.min(Math.min(previousDue, victimsDue), Math.min(catchUpDue, progress.nextDue()));
            return restUntil == NEVER ? NEVER : Math.max(0, restUntil - now);
        } finally {
            lock.unlock();
        }
    }

    /** Watchers that are not up to date: unsynced ones and victims. */
    public int slowWatcherCount() {
        lock.lock();
        try {
            return groups.unsyncedCount() + groups.victimCount();
        } finally {
            lock.unlock();
        }
    }

    /** What was counted. */
    WatchCounts counts() {
        return counts;
    }

    /** For tests: history must not be read under the lock. */
    boolean isLockedByCaller() {
        return lock.isHeldByCurrentThread();
    }

    Signals newSignals() {
        return new Signals(wakeUp);
    }

    WatchSettings settings() {
        return settings;
    }

    @GuardedBy("lock")
    WatcherGroups groups() {
        return groups;
    }

    /** Counts replacements of the store; what was read before the last one began must not be handed over any more. */
    @GuardedBy("lock")
    long restores() {
        return restores;
    }

    @GuardedBy("lock")
    long currentRevision() {
        return groups.current();
    }

    @GuardedBy("lock")
    long notified() {
        return groups.notified();
    }

    /** Takes in a watcher that has been given an id, and answers its creation. */
    @GuardedBy("lock")
    void admit(Watcher watcher, Signals signals) {
        groups.enter(watcher);
        counts.created();
        WatchStream stream = watcher.stream();
        stream.answer(new WatchMessage.Created(watcher.id(), groups.notified()), signals);
        if (watcher.group == Watcher.Group.UNSYNCED) {
            long compacted = history.compactedRevision();
            if (watcher.minRevision < compacted) {
                cancelCompacted(watcher, compacted, signals);
            } else {
                catchUpBy(now(), signals);
            }
        }
    }

    /** Ends a watcher whose client is done with it. */
    @GuardedBy("lock")
    void remove(Watcher watcher) {
        drop(watcher);
        counts.removed();
    }

    /** Ends a watcher whose events are gone; its id stays taken until the client cancels it. */
    @GuardedBy("lock")
    void cancelCompacted(Watcher watcher, long compacted, Signals signals) {
        drop(watcher);
        watcher.stream().answer(new WatchMessage.Canceled(watcher.id(), 0, compacted), signals);
    }

    /** Queues events; if they do not fit, the watcher becomes a victim that holds them, and false is returned. */
    @GuardedBy("lock")
    boolean deliver(Watcher watcher, long revision, List<Event> events, Signals signals) {
        return deliver(watcher.stream(), Outgoing.events(watcher, revision, events), signals);
    }

    @GuardedBy("lock")
    private boolean deliver(WatchStream stream, Outgoing outgoing, Signals signals) {
        counts.queued(outgoing);
        for (Watcher watcher : outgoing.watchers()) {
            watcher.quiet = false;
        }
        if (offer(stream, outgoing, signals)) {
            return true;
        }
        for (Watcher watcher : outgoing.watchers()) {
            watcher.held = outgoing.only(watcher);
            groups.move(watcher, Watcher.Group.VICTIM);
        }
        if (victimsDue == NEVER) {
            victimsDue = now() + settings.victimInterval().toNanos();
            wakeBefore(victimsDue, signals);
        }
        return false;
    }

    /** Queues a progress report if there is room. */
    @GuardedBy("lock")
    boolean report(WatchStream stream, WatchMessage.Progress message, Signals signals) {
        boolean fits = stream.buffer().offer(Outgoing.progress(message));
        if (fits) {
            signals.add(stream);
        }
        return fits;
    }

    /**
     * Decides what becomes of an unsynced watcher after a pass: synced if what it still misses is in memory, otherwise back
     * to the end of the line.
     */
    @GuardedBy("lock")
    void endCatchUp(Watcher watcher, Signals signals) {
        long notified = groups.notified();
        if (watcher.minRevision <= notified && recent.covers(watcher.minRevision, notified)) {
            List<Event> missing = recent.wantedBy(watcher);
            watcher.minRevision = notified + 1;
            if (!missing.isEmpty() && !deliver(watcher, notified, missing, signals)) {
                return;
            }
        }
        groups.move(watcher, watcher.minRevision > notified ? Watcher.Group.SYNCED : Watcher.Group.UNSYNCED);
    }

    @GuardedBy("lock")
    void startReports(WatchStream stream, Signals signals) {
        wakeBefore(progress.start(stream, now()), signals);
    }

    void closed(WatchStream stream) {
        counts.closed();
        lock.lock();
        try {
            progress.stop(stream);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void notifySynced(long revision, List<Event> events, Signals signals) {
        if (groups.unsyncedCount() > 0) {
            recent.add(revision, events);
        } else {
            recent.clear();
        }
        if (revision <= groups.notified()) {
            // Announced before the first watcher came, which was told that this revision is already past.
            return;
        }
        for (Outgoing outgoing : matches.of(revision, events, groups)) {
            deliver(outgoing.watchers().getFirst().stream(), outgoing, signals);
        }
        groups.notified(revision);
    }

    @GuardedBy("lock")
    private boolean offer(WatchStream stream, Outgoing outgoing, Signals signals) {
        if (!stream.buffer().offer(outgoing)) {
            return false;
        }
        if (outgoing.isReady()) {
            signals.add(stream);
        } else {
            previous.add(stream, outgoing);
            previousDue = 0;
            wakeBefore(0, signals);
        }
        return true;
    }

    @GuardedBy("lock")
    private void drop(Watcher watcher) {
        groups.remove(watcher);
        Outgoing held = watcher.held;
        if (held != null) {
            watcher.held = null;
            counts.dropped(held);
        }
        if (groups.unsyncedCount() == 0) {
            recent.clear();
        }
    }

    private void addPreviousRecords() {
        lock.lock();
        try {
            // Work that is added from here on is done before this call ends, or counted in the next due time.
            restUntil = 0;
            previous.take();
        } finally {
            lock.unlock();
        }
        PreviousRecords.Outcome outcome = previous.complete(syncSignals);
        lock.lock();
        try {
            boolean queued = !previous.isQueueEmpty();
            previousDue = switch (outcome) {
                case DONE -> queued ? 0 : NEVER;
                case MORE -> 0;
                case NOT_VISIBLE -> now() + VISIBILITY_NANOS;
            };
        } finally {
            lock.unlock();
        }
        syncSignals.fire();
    }

    private void retryVictims() {
        lock.lock();
        try {
            long now = now();
            if (victimsDue > now) {
                return;
            }
            for (Watcher watcher : groups.victims()) {
                retryVictim(watcher, now);
            }
            victimsDue = groups.victimCount() == 0
                    ? NEVER
                    : now + settings.victimInterval().toNanos();
        } finally {
            lock.unlock();
        }
        syncSignals.fire();
    }

    @GuardedBy("lock")
    private void retryVictim(Watcher watcher, long now) {
        Outgoing held = watcher.held;
        if (held == null || !offer(watcher.stream(), held, syncSignals)) {
            return;
        }
        watcher.held = null;
        if (watcher.minRevision > groups.notified()) {
            groups.move(watcher, Watcher.Group.SYNCED);
        } else {
            groups.move(watcher, Watcher.Group.UNSYNCED);
            catchUpBy(now + settings.catchUpInterval().toNanos(), syncSignals);
        }
    }

    private void runCatchUp() {
        lock.lock();
        try {
            if (catchUpDue > now()) {
                return;
            }
            catchUpDue = NEVER;
            if (suspended) {
                return;
            }
        } finally {
            lock.unlock();
        }
        boolean further = catchUp.pass(syncSignals);
        lock.lock();
        try {
            if (groups.unsyncedCount() == 0) {
                recent.clear();
            } else if (!suspended) {
                catchUpBy(now() + (further ? 0 : STALLED_NANOS), syncSignals);
            }
        } finally {
            lock.unlock();
        }
        syncSignals.fire();
    }

    private void reportProgress() {
        boolean more = true;
        while (more) {
            lock.lock();
            try {
                more = progress.reportOne(now(), syncSignals);
            } finally {
                lock.unlock();
            }
            syncSignals.fire();
        }
    }

    @GuardedBy("lock")
    private void catchUpBy(long due, Signals signals) {
        if (due < catchUpDue) {
            catchUpDue = due;
            wakeBefore(due, signals);
        }
    }

    @GuardedBy("lock")
    private void wakeBefore(long due, Signals signals) {
        if (due < restUntil) {
            restUntil = due;
            signals.wake();
        }
    }

    private long now() {
        return clock.nanos() - origin;
    }
}
