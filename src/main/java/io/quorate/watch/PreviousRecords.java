package io.quorate.watch;

import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds previous records to queued messages. Reading them may touch the disk, so neither the apply thread nor an event
 * loop does it: messages queue up here under the hub's lock, and {@code watch-sync} completes them in that order. Events
 * shared by several watchers are read once per round and stay shared.
 */
final class PreviousRecords {

    /** Reads after which a round ends, so that other work gets its turn. */
    private static final int READS_PER_ROUND = 1000;

    private final History history;

    /** Guarded by the hub's lock. */
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();

    /** Owned by {@code watch-sync}: taken from the queue, not complete yet. */
    private final ArrayDeque<Waiting> taken = new ArrayDeque<>();

    PreviousRecords(History history) {
        this.history = history;
    }

    /** True when the event replaced a record. */
    static boolean hasPrevious(Event event) {
        return event.getType() == Event.EventType.DELETE
                || event.getKv().getCreateRevision() != event.getKv().getModRevision();
    }

    /** Queues a message that is not ready; under the lock. */
    void add(WatchStream stream, Outgoing outgoing) {
        queue.addLast(new Waiting(stream, outgoing));
    }

    /** Takes over what was queued; under the lock. */
    void take() {
        taken.addAll(queue);
        queue.clear();
    }

    boolean isQueueEmpty() {
        return queue.isEmpty();
    }

    /** What a round left behind. */
    enum Outcome {
        DONE,
        MORE,
        /** The store does not show the revisions that are needed yet. */
        NOT_VISIBLE
    }

    /** Completes messages; without the lock. */
    Outcome complete(Signals signals) {
        if (taken.isEmpty()) {
            return Outcome.DONE;
        }
        Map<Event, Event> shared = new IdentityHashMap<>();
        long visible = history.currentRevision();
        while (shared.size() < READS_PER_ROUND) {
            Waiting waiting = taken.peekFirst();
            if (waiting == null) {
                return Outcome.DONE;
            }
            if (waiting.newestNeeded() > visible) {
                return Outcome.NOT_VISIBLE;
            }
            taken.removeFirst();
            waiting.complete(shared, history);
            signals.add(waiting.stream);
        }
        return taken.isEmpty() ? Outcome.DONE : Outcome.MORE;
    }

    private static Event withPrevious(Event event, History history) {
        if (!hasPrevious(event)) {
            return event;
        }
        KeyValue kv = event.getKv();
        @Nullable KeyValue previous = history.recordAt(RecentRevisions.keyOf(event), kv.getModRevision() - 1);
        return previous == null ? event : event.toBuilder().setPrevKv(previous).build();
    }

    private record Waiting(WatchStream stream, Outgoing outgoing) {

        private WatchMessage.Events events() {
            return (WatchMessage.Events) outgoing.message();
        }

        /** The newest revision at which a previous record has to be read. */
        long newestNeeded() {
            return events().events().getLast().getKv().getModRevision() - 1;
        }

        void complete(Map<Event, Event> shared, History history) {
            WatchMessage.Events bare = events();
            List<Event> complete = new ArrayList<>(bare.events().size());
            for (Event event : bare.events()) {
                complete.add(shared.computeIfAbsent(event, missing -> withPrevious(missing, history)));
            }
            outgoing.complete(new WatchMessage.Events(bare.watchId(), bare.revision(), complete, bare.fragment()));
        }
    }
}
