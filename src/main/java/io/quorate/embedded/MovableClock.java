package io.quorate.embedded;

import io.quorate.base.MonotonicClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The clock by which the members of a cluster measure leases, and when watches report progress. It goes on with time, and a test may
 * move it on. Elections, timeouts of requests and all else that members wait for go by the clock of the machine, so a moved clock
 * does not make them lose their leader. Any thread.
 */
public final class MovableClock implements MonotonicClock {

    /** A lease may have 285 years; what is left of the range of nanoseconds is seven. */
    private static final Duration ADVANCE_MAX = Duration.ofDays(5 * 365);

    private final AtomicLong movedNanos = new AtomicLong();
    private final List<Consumer<Duration>> followers = new CopyOnWriteArrayList<>();

    /**
     * Moves the clock on. Leases that have run out then are revoked and their keys deleted when this returns, in clusters that have a
     * leader.
     *
     * @param by more than nothing; all moves of a clock together are at most five years
     * @throws IllegalArgumentException if it is less or more
     * @throws IllegalStateException if the leases are not revoked within a minute, as without a majority
     */
    public void advance(Duration by) {
        if (!by.isPositive()) {
            throw new IllegalArgumentException("a clock moves on only, not by " + by);
        }
        synchronized (movedNanos) {
            Duration moved = Duration.ofNanos(movedNanos.get());
            if (by.compareTo(ADVANCE_MAX.minus(moved)) > 0) {
                throw new IllegalArgumentException("a clock moves by five years at most; it was moved by " + moved
                        + " and cannot be moved by " + by + " more");
            }
            movedNanos.addAndGet(by.toNanos());
        }
        followers.forEach(follower -> follower.accept(by));
    }

    @Override
    public long nanos() {
        return System.nanoTime() + movedNanos.get();
    }

    /** Has it told of each move. */
    void follow(Consumer<Duration> follower) {
        followers.add(follower);
    }

    /** Ends that. */
    void leave(Consumer<Duration> follower) {
        followers.remove(follower);
    }
}
