package io.quorate.base;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Lets one of many equal messages through in each interval, and says how many it held back. Any thread. */
public final class Throttle {

    /** What {@link #admit()} answers when the message is to be dropped. */
    public static final long HELD_BACK = -1;

    private final long intervalNanos;
    private final MonotonicClock clock;
    private final AtomicLong next;
    private final AtomicLong held = new AtomicLong();

    public Throttle(Duration interval, MonotonicClock clock) {
        this.intervalNanos = interval.toNanos();
        this.clock = clock;
        this.next = new AtomicLong(clock.nanos());
    }

    /**
     * Asks to let one through.
     *
     * @return how many were held back since the last one, or {@link #HELD_BACK} for this one too
     */
    public long admit() {
        long due = next.get();
        long now = clock.nanos();
        if (now - due < 0 || !next.compareAndSet(due, now + intervalNanos)) {
            held.incrementAndGet();
            return HELD_BACK;
        }
        return held.getAndSet(0);
    }

    /** The end of a line that stands for others: how many, or nothing if there were none. */
    public static String more(long heldBack) {
        return heldBack <= 0 ? "" : " (" + heldBack + " more since the last such line)";
    }
}
