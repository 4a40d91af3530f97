package io.quorate.base;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import lombok.RequiredArgsConstructor;

/**
 * Runs actions later, by the injected clock: retries, and the ends of waits. Any thread asks; the thread {@code timer} does them,
 * so they must not block, and they are up to a tenth of a second late.
 */
@RequiredArgsConstructor
public final class Delays {

    private final MonotonicClock clock;
    private final PriorityQueue<Delayed> waiting = new PriorityQueue<>(); // guarded by itself

    private record Delayed(long dueNanos, Runnable action) implements Comparable<Delayed> {

        @Override
        public int compareTo(Delayed other) {
            return Long.signum(dueNanos - other.dueNanos);
        }
    }

    /** Does an action once after a pause. */
    public void after(Duration pause, Runnable action) {
        Delayed delayed = new Delayed(clock.nanos() + pause.toNanos(), action);
        synchronized (waiting) {
            waiting.add(delayed);
        }
    }

    /** Does each action after a pause. */
    public Executor executor(Duration pause) {
        return action -> after(pause, action);
    }

    /** Does what is due; called ten times a second by the thread {@code timer}. */
    public void poll(long nowNanos) {
        for (Delayed delayed : due(nowNanos)) {
            try {
                delayed.action().run();
            } catch (RuntimeException e) { // the others must not suffer from it
                Stages.report("a delayed action", e);
            }
        }
    }

    private List<Delayed> due(long nowNanos) {
        synchronized (waiting) {
            List<Delayed> due = new ArrayList<>();
            for (Delayed next = waiting.peek();
                    next != null && next.dueNanos() - nowNanos <= 0;
                    next = waiting.peek()) {
                due.add(waiting.remove());
            }
            return due;
        }
    }
}
