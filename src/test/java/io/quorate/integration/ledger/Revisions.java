package io.quorate.integration.ledger;

import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.WatchSession;
import io.quorate.proto.WatchResponse;
import io.quorate.proto.mvccpb.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Events by revision, as a watch showed them.
 *
 * @param events of every revision from the first to the last, without gaps
 */
public record Revisions(NavigableMap<Long, List<Event>> events) {

    /** Watches everything from one revision to another, both included; fails unless the first event is of the first. */
    public static Revisions read(GrpcConnection grpc, long first, long last) {
        NavigableMap<Long, List<Event>> events = new TreeMap<>();
        try (WatchSession session = WatchSession.open(grpc)) {
            WatchResponse created = session.createForAll(first);
            check(created.getCreated() && !created.getCanceled(), "Watch refused: " + created);
            while (last >= first && (events.isEmpty() || events.lastKey() < last)) {
                append(events, session.responses().next());
            }
        }
        events.tailMap(last, false).clear(); // written meanwhile
        check(events.isEmpty() || events.firstKey() == first, "The first event is not of revision " + first);
        return new Revisions(events);
    }

    /** Takes over one response; fails if it repeats or leaves out a revision. */
    public static void append(NavigableMap<Long, List<Event>> events, WatchResponse response) {
        check(!response.getCanceled(), "Watch cancelled: " + response);
        Long last = events.isEmpty() ? null : events.lastKey();
        for (Event event : response.getEventsList()) {
            long revision = event.getKv().getModRevision();
            boolean sameResponse = last == null || revision > last;
            check(sameResponse, "Revision " + revision + " came again or late, after " + last);
            check(
                    events.isEmpty() || revision == events.lastKey() || revision == events.lastKey() + 1,
                    "Revision " + revision + " follows " + (events.isEmpty() ? 0 : events.lastKey()));
            events.computeIfAbsent(revision, ignored -> new ArrayList<>()).add(event);
        }
    }

    private static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new AssertionError(complaint);
        }
    }
}
