package io.quorate.bench;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Clients that make one change at a time, each object once. At a fixed rate every change has its time, and its latency counts from
 * that time even where all clients were busy.
 */
final class Clients {

    private static final double NANOS_PER_SECOND = 1e9;

    private final int clients;
    private final int changes;
    private final long intervalNanos;
    private final StoredObjects.Change change;
    private final long begin = System.nanoTime();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger left;
    private final CompletableFuture<Histogram> end = new CompletableFuture<>();
    private final Histogram latencies = new ConcurrentHistogram(Recorder.emptyHistogram());
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    /** @param rate changes a second, of all clients; 0 for as many as they can */
    Clients(int clients, int changes, double rate, StoredObjects.Change change) {
        this.clients = clients;
        this.changes = changes;
        this.left = new AtomicInteger(changes);
        this.intervalNanos = rate == 0 ? 0 : Math.round(NANOS_PER_SECOND / rate);
        this.change = change;
    }

    /** Returns the latencies when all changes are made; fails with the first that failed. */
    Histogram run() throws InterruptedException, ExecutionException {
        try (timer) {
            for (int client = 0; client < clients; client++) {
                goOn();
            }
            return end.get();
        }
    }

    private void goOn() {
        int number = next.getAndIncrement();
        if (number >= changes) {
            return;
        }
        long due = begin + number * intervalNanos;
        long wait = due - System.nanoTime();
        if (intervalNanos > 0 && wait > 0) {
            var _ = timer.schedule(() -> make(number, due), wait, TimeUnit.NANOSECONDS);
        } else {
            make(number, intervalNanos > 0 ? due : System.nanoTime());
        }
    }

    private void make(int number, long due) {
        ListenableFuture<Void> made = change.make(number);
        made.addListener(() -> made(made, due), MoreExecutors.directExecutor());
    }

    private void made(ListenableFuture<Void> made, long due) {
        Throwable failure = made.state() == Future.State.FAILED ? made.exceptionNow() : null;
        if (failure != null) {
            end.completeExceptionally(failure);
            return;
        }
        latencies.recordValue(System.nanoTime() - due);
        if (left.decrementAndGet() == 0) {
            end.complete(latencies);
        }
        goOn();
    }
}
