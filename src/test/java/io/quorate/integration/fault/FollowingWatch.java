package io.quorate.integration.fault;

import io.quorate.fixture.WatchSession;
import io.quorate.integration.ledger.Ledger;
import io.quorate.integration.ledger.Revisions;
import io.quorate.proto.WatchResponse;
import io.quorate.proto.mvccpb.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Watches everything at one member and, when the stream breaks, at the next one from where it was. */
final class FollowingWatch implements Runnable {

    private static final Duration STEP = Duration.ofMillis(100);

    private final Endpoints endpoints;
    private final Ledger ledger;
    private final Map<String, LeasePromise> promises;
    private final NavigableMap<Long, List<Event>> shown = new TreeMap<>();
    private int member;
    private volatile boolean stopped;

    /** @param first the member where it begins */
    FollowingWatch(Endpoints endpoints, int first, Ledger ledger, Map<String, LeasePromise> promises) {
        this.endpoints = endpoints;
        this.member = first;
        this.ledger = ledger;
        this.promises = promises;
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                try (WatchSession session = WatchSession.open(endpoints.all().get(member))) {
                    session.requestAll(lastRevision() + 1);
                    follow(session);
                }
                member = (member + 1) % endpoints.all().size();
            }
        } catch (AssertionError wrong) { // of a thread that no test framework looks at
            ledger.complain("watch at member " + (member + 1) + ": " + wrong.getMessage());
        }
    }

    private void follow(WatchSession session) {
        while (!stopped) {
            WatchResponse response = session.responses().next(STEP);
            if (response != null) {
                take(response);
            } else if (session.responses().hasEnded()) {
                return; // what came in between comes again at the next member
            }
        }
    }

    private synchronized void take(WatchResponse response) {
        Revisions.append(shown, response);
        long now = System.nanoTime();
        for (Event event : response.getEventsList()) {
            if (event.getType() == Event.EventType.DELETE) {
                LeasePromise promise = promises.get(event.getKv().getKey().toStringUtf8());
                if (promise != null) {
                    promise.gone(now);
                }
            }
        }
    }

    void stop() {
        stopped = true;
    }

    /** The newest revision it was shown; 1, that of an empty store, at first. */
    synchronized long lastRevision() {
        return shown.isEmpty() ? 1 : shown.lastKey();
    }

    /** What it was shown after one revision up to another. */
    synchronized NavigableMap<Long, List<Event>> shown(long after, long last) {
        return new TreeMap<>(shown.subMap(after, false, last, true));
    }

    /** Forgets what nobody will ask for again. The newest stays: the next has to follow it. */
    synchronized void forgetUpTo(long revision) {
        if (!shown.isEmpty()) {
            shown.headMap(Math.min(revision, shown.lastKey()), false).clear();
        }
    }
}
