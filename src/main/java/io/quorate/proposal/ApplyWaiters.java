package io.quorate.proposal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.base.Stages;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait until an index is applied. {@link #applied} is called by the {@code apply} thread, the rest by any thread.
 */
public final class ApplyWaiters {

    private record Waiter(long index, Runnable then) {}

    private final Object lock = new Object();

    @GuardedBy("lock")
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
        await(new Waiter(index, then));
    }

    private void await(Waiter waiter) {
        if (applied < waiter.index()) {
            synchronized (lock) {
                if (applied < waiter.index()) {
                    waiting.add(waiter);
                    return;
                }
            }
        }
        waiter.then().run();
    }

    /**
     * Completes once the index is applied: at once when it is already, else on the {@code apply} thread, which must not be held up.
     * A caller that no longer waits cancels it.
     */
    public CompletableFuture<@Nullable Void> reached(long index) {
        CompletableFuture<@Nullable Void> reached = new CompletableFuture<>();
        if (applied >= index) {
            reached.complete(null);
            return reached;
        }
        Waiter waiter = new Waiter(index, () -> reached.complete(null));
        Stages.whenDone("the wait for an index", reached, (_, failure) -> {
            if (failure != null) {
                forget(waiter);
            }
        });
        await(waiter);
        return reached;
    }

    private void forget(Waiter waiter) {
        synchronized (lock) {
            waiting.remove(waiter);
        }
    }

    /** How many wait. */
    int waiting() {
        synchronized (lock) {
            return waiting.size();
        }
    }

    /** Everything up to the index is applied. */
    public void applied(long index) {
        List<Runnable> due = new ArrayList<>();
        synchronized (lock) {
            applied = index;
            for (Waiter first = waiting.peek(); first != null && first.index() <= index; first = waiting.peek()) {
                due.add(first.then());
                waiting.poll();
            }
        }
        due.forEach(Runnable::run);
    }
}
