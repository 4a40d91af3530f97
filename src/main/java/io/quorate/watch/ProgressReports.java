package io.quorate.watch;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * When which stream reports progress to its quiet watchers. A stream's interval is fixed when its first watcher asks for
 * reports: the configured one and up to a tenth more, so that streams opened together do not stay in step. Guarded by the
 * hub's lock.
 */
final class ProgressReports {

    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(timer -> timer.due));
    private final long intervalNanos;
    private final RandomGenerator random;

    ProgressReports(long intervalNanos, RandomGenerator random) {
        this.intervalNanos = intervalNanos;
        this.random = random;
    }

    /** Starts the timer of a stream; returns when it is due first. */
    long start(WatchStream stream, long now) {
        long interval = intervalNanos + (long) (random.nextDouble() * intervalNanos / 10);
        Timer timer = new Timer(stream, interval, now + interval);
        timers.add(timer);
        return timer.due;
    }

    /** When the next stream is due; {@link Long#MAX_VALUE} if none ever is. */
    long nextDue() {
        Timer first = timers.peek();
        return first == null ? Long.MAX_VALUE : first.due;
    }

    /** Lets one due stream report; returns false if none is due. */
    boolean reportOne(long now, Signals signals) {
        Timer first = timers.peek();
        if (first == null || first.due > now) {
            return false;
        }
        timers.remove();
        if (!first.stream.isClosed()) {
            first.stream.reportProgress(signals);
            first.due = now + first.intervalNanos;
            timers.add(first);
        }
        return true;
    }

    /** Forgets a stream that closed. */
    void stop(WatchStream stream) {
        timers.removeIf(timer -> timer.stream == stream);
    }

    private static final class Timer {

        private final WatchStream stream;
        private final long intervalNanos;
        private long due;

        Timer(WatchStream stream, long intervalNanos, long due) {
            this.stream = stream;
            this.intervalNanos = intervalNanos;
            this.due = due;
        }
    }
}
