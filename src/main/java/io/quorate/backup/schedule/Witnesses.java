package io.quorate.backup.schedule;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.backup.archive.Point;
import io.quorate.backup.archive.Witness;
import io.quorate.base.MonotonicClock;
import io.quorate.mvcc.StoredHistory;
import java.time.Duration;

/**
 * The newest hash of the history, which goes with the next segment, and when another one is worth its price: it takes a pass over the whole
 * history. Any thread.
 */
final class Witnesses {

    /** Between the end of one hash and the beginning of the next, at least. */
    private static final Duration REST = Duration.ofMinutes(1);

    /** So many times as long as a hash took no other one is begun. */
    private static final long REST_FACTOR = 100;

    private final MonotonicClock clock;

    @GuardedBy("this")
    private Witness newest = Witness.NONE;

    /** Grows when another history begins; a hash that was begun before says nothing about that. */
    @GuardedBy("this")
    private int beginning;

    @GuardedBy("this")
    private long notBefore;

    Witnesses(MonotonicClock clock) {
        this.clock = clock;
        this.notBefore = clock.nanos();
    }

    synchronized Witness newest() {
        return newest;
    }

    /** What is known says nothing about what comes next. */
    synchronized void forget() {
        beginning++;
        newest = Witness.NONE;
    }

    /** Whether it is time for a hash of the history up to a point that is later than the last. */
    synchronized boolean isDue(Point end) {
        return end.revision() > newest.revision() && clock.nanos() - notBefore >= 0;
    }

    synchronized int beginning() {
        return beginning;
    }

    /**
     * Hashes the history.
     *
     * @param startedIn what {@link #beginning} said when the history was taken
     */
    Witness compute(StoredHistory history, long revision, int startedIn) {
        long began = clock.nanos();
        try {
            Witness own = Witness.of(history.hashKv(revision, history.compactedRevision()));
            note(own, startedIn);
            return own;
        } finally {
            rest(began);
        }
    }

    private synchronized void note(Witness own, int startedIn) {
        if (startedIn == beginning) {
            newest = own;
        }
    }

    private synchronized void rest(long began) {
        long now = clock.nanos();
        notBefore = now + Math.max(REST.toNanos(), REST_FACTOR * (now - began));
    }
}
