package io.quorate.watch;

import io.quorate.proto.mvccpb.Event;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One watcher of a stream. Everything that changes is guarded by the hub's lock. */
final class Watcher extends RangeIndex.Member {

    /** Where a watcher stands. */
    enum Group {
        /** Has been given every event up to the last reported revision. */
        SYNCED,
        /** Needs events from history. */
        UNSYNCED,
        /** Its stream was full; holds the message that did not fit. */
        VICTIM,
        /** Gets nothing any more: cancelled, or its events were compacted away. */
        GONE
    }

    private final WatchStream stream;
    private final long id;
    private final WatchSpec spec;

    /** The lowest revision it has not been given yet; for a synced watcher a lower bound of that. */
    long minRevision;

    Group group = Group.GONE;

    /** The message that did not fit; only a victim has one. */
    @Nullable
    Outgoing held;

    /** True when no event went to it since its last progress report. */
    boolean quiet = true;

    // What it wants of the revision that is being reported: a stretch of its events, or a list of its own once there is
    // a gap. Nearly always it is everything, and then all watchers share the one list.
    private int matchedFrom;
    private int matchedTo;
    private @Nullable List<Event> matchedApart;

    Watcher(WatchStream stream, long id, WatchSpec spec) {
        this.stream = stream;
        this.id = id;
        this.spec = spec;
    }

    WatchStream stream() {
        return stream;
    }

    long id() {
        return id;
    }

    WatchSpec spec() {
        return spec;
    }

    /** False when a filter drops the event. */
    boolean wants(Event event) {
        return event.getType() == Event.EventType.DELETE ? !spec.noDelete() : !spec.noPut();
    }

    /** Notes an event of the revision being reported; returns true if it is the first. */
    boolean match(List<Event> events, int position) {
        if (matchedTo == 0) {
            matchedFrom = position;
            matchedTo = position + 1;
            return true;
        }
        if (matchedApart != null) {
            matchedApart.add(events.get(position));
        } else if (position == matchedTo) {
            matchedTo++;
        } else {
            matchedApart = new ArrayList<>(events.subList(matchedFrom, matchedTo));
            matchedApart.add(events.get(position));
        }
        return false;
    }

    /** The events noted since the last call. */
    List<Event> takeMatched(List<Event> events) {
        List<Event> matched = matchedApart;
        if (matched == null) {
            boolean all = matchedTo - matchedFrom == events.size();
            matched = all ? events : events.subList(matchedFrom, matchedTo);
        }
        matchedFrom = 0;
        matchedTo = 0;
        matchedApart = null;
        return matched;
    }
}
