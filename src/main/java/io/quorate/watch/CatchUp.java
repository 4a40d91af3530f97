package io.quorate.watch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.proto.mvccpb.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings unsynced watchers up to date, one pass at a time. A pass serves the watcher that has waited longest and up to a
 * limit of others that need no older revision, with a single scan of history: from the lowest revision that one needs, to
 * the current revision or the limit of events. A watcher that is behind even then goes to the end of the line, so that one
 * far behind delays no other for longer than a pass.
 *
 * <p>Owned by {@code watch-sync}; history is read without the lock.
 */
final class CatchUp {

    /** Watchers looked at for each one that a pass may take. */
    private static final int LOOK_AHEAD = 4;

    private final WatchHub hub;
    private final History history;
    private final WatchSettings settings;

    /** The hub's count when the pass began. */
    private long restores;

    CatchUp(WatchHub hub, History history, WatchSettings settings) {
        this.hub = hub;
        this.history = history;
        this.settings = settings;
    }

    /** Runs one pass; returns whether any watcher came further. */
    boolean pass(Signals signals) {
        List<Cursor> cursors = choose(signals);
        if (cursors.isEmpty()) {
            return false;
        }
        long from = cursors.getFirst().next;
        long visible = history.currentRevision();
        Scan scan = new Scan(cursors, visible + 1, signals);
        if (from <= visible && !history.forEachEvent(from, visible, scan)) {
            // A compaction was faster. What was not handed over yet is read again for watchers that start at or above
            // the compacted revision.
            return true;
        }
        boolean further = false;
        for (Cursor cursor : cursors) {
            further |= finish(cursor, Math.max(cursor.next, scan.end), signals);
        }
        return further;
    }

    private List<Cursor> choose(Signals signals) {
        long compacted = history.compactedRevision();
        List<Cursor> chosen = new ArrayList<>();
        List<Watcher> compactedAway = new ArrayList<>();
        hub.lock.lock();
        try {
            restores = hub.restores();
            int left = settings.catchUpWatchers() * LOOK_AHEAD;
            for (Watcher watcher : hub.groups().unsynced()) {
                if (left-- == 0 || chosen.size() == settings.catchUpWatchers()) {
                    break;
                }
                if (watcher.minRevision < compacted) {
                    compactedAway.add(watcher);
                } else if (chosen.isEmpty() || watcher.minRevision >= chosen.getFirst().next) {
                    chosen.add(new Cursor(watcher));
                }
            }
            compactedAway.forEach(watcher -> hub.cancelCompacted(watcher, compacted, signals));
        } finally {
            hub.lock.unlock();
        }
        return chosen;
    }

    /** Hands over what was collected for a cursor; everything below {@code end} has been seen. */
    private boolean finish(Cursor cursor, long end, Signals signals) {
        hub.lock.lock();
        try {
            if (cursor.done || !mayHandOver(cursor)) {
                return true;
            }
            Watcher watcher = cursor.watcher;
            boolean further = end > watcher.minRevision;
            watcher.minRevision = end;
            if (cursor.batch.isEmpty() || hub.deliver(watcher, hub.notified(), cursor.batch, signals)) {
                hub.endCatchUp(watcher, signals);
                return further || watcher.group == Watcher.Group.SYNCED;
            }
            return true;
        } finally {
            hub.lock.unlock();
        }
    }

    /** Sends a full batch in the middle of a scan; the next one begins with the given revision. */
    private void flush(Cursor cursor, long next, Signals signals) {
        hub.lock.lock();
        try {
            if (!mayHandOver(cursor)) {
                cursor.done = true;
                return;
            }
            cursor.watcher.minRevision = next;
            cursor.done = !hub.deliver(cursor.watcher, hub.notified(), cursor.batch, signals);
        } finally {
            hub.lock.unlock();
        }
        signals.fire();
        cursor.startBatch(next);
    }

    /** False if the watcher was cancelled or the store began to be replaced since the pass began; under the lock. */
    @GuardedBy("hub.lock")
    private boolean mayHandOver(Cursor cursor) {
        return cursor.watcher.group == Watcher.Group.UNSYNCED && hub.restores() == restores;
    }

    /** One watcher in a pass. */
    private static final class Cursor extends RangeIndex.Member {

        private final Watcher watcher;
        private List<Event> batch = new ArrayList<>();
        private long batchBytes;
        private int batchRevisions;

        /** The lowest revision not handed over yet. */
        private long next;

        /** The revision of the last event in the batch. */
        private long last;

        private boolean done;

        Cursor(Watcher watcher) {
            this.watcher = watcher;
            this.next = watcher.minRevision;
        }

        void startBatch(long from) {
            batch = new ArrayList<>();
            batchBytes = 0;
            batchRevisions = 0;
            next = from;
        }

        void add(long revision, Event event) {
            if (revision != last) {
                batchRevisions++;
                last = revision;
            }
            batch.add(event);
            batchBytes += event.getSerializedSize();
        }
    }

    /** Distributes the events of history to the cursors of a pass. */
    private final class Scan implements History.EventVisitor {

        private final RangeIndex<Cursor> index = new RangeIndex<>();
        private final Signals signals;
        private int events;
        private long revision;

        /** The first revision that was not scanned whole. */
        private long end;

        Scan(List<Cursor> cursors, long end, Signals signals) {
            this.signals = signals;
            this.end = end;
            for (Cursor cursor : cursors) {
                index.add(cursor.watcher.spec().range(), cursor);
            }
        }

        @Override
        public boolean visit(long eventRevision, Event event) {
            if (eventRevision != revision) {
                if (events >= settings.catchUpEvents()) {
                    end = eventRevision;
                    return false;
                }
                revision = eventRevision;
            }
            events++;
            index.forEachMatch(RecentRevisions.keyOf(event), cursor -> take(cursor, eventRevision, event));
            return true;
        }

        private void take(Cursor cursor, long eventRevision, Event event) {
            if (cursor.done || eventRevision < cursor.next || !cursor.watcher.wants(event)) {
                return;
            }
            boolean full = cursor.batchRevisions >= settings.catchUpRevisions()
                    || cursor.batchBytes >= settings.catchUpBytes();
            if (full && eventRevision != cursor.last) {
                flush(cursor, eventRevision, signals);
            }
            if (!cursor.done) {
                cursor.add(eventRevision, event);
            }
        }
    }
}
