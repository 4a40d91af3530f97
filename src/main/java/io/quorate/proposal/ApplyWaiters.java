package io.quorate.proposal;

import io.quorate.base.Stages;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait until an index is applied. {@link #applied} is called by the {@code apply} thread, the rest by anybody.
 */
public final class ApplyWaiters {

    private record Waiter(long index, Runnable then) {}

    private final PriorityQueue<Waiter> waiting = new PriorityQueue<>(Comparator.comparingLong(Waiter::index));
    private volatile long applied;

    public ApplyWaiters(long applied) {
        this.applied = applied;
    }

    /**
     * Runs {@code then} once the index is applied: at once on this thread when it is already, else on the {@code apply}
     * thread, which it must not hold up.
     */
    public void await(long index, Runnable then) {
        if (applied < index) {
            synchronized (waiting) {
                if (applied < index) {
                    waiting.add(new Waiter(index, then));
                    return;
                }
            }
        }
        then.run();
    }

    /**
     * The stage that an index is applied, completed on the {@code apply} thread. Whoever no longer waits for it cancels it, so that
     * nothing is left of an index that never comes.
     */
    public CompletableFuture<@Nullable Void> reached(long index) {
        CompletableFuture<@Nullable Void> reached = new CompletableFuture<>();
        Waiter waiter = new Waiter(index, () -> reached.complete(null));
        if (applied < index) {
            synchronized (waiting) {
                if (applied < index) {
                    waiting.add(waiter);
                    Stages.whenDone("the wait for an index", reached, (_, failure) -> withdraw(waiter, failure));
                    return reached;
                }
            }
        }
        reached.complete(null);
        return reached;
    }

    private void withdraw(Waiter waiter, @Nullable Throwable failure) {
        if (failure != null) {
            synchronized (waiting) {
                waiting.remove(waiter);
            }
        }
    }

    /** Those who wait. */
    int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    /** Everything up to the index is applied. */
    public void applied(long index) {
        List<Runnable> due = new ArrayList<>();
        synchronized (waiting) {
            applied = index;
            for (Waiter first = waiting.peek(); first != null && first.index() <= index; first = waiting.peek()) {
                due.add(first.then());
                waiting.poll();
            }
        }
        due.forEach(Runnable::run);
    }
}
