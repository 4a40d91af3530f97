package io.quorate.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** When calls count, and when they end. Times are of {@link System#nanoTime}. */
final class Phase {

    final long countFrom;
    final long countTo;

    /** Calls that may still be begun; the keys of a fill. */
    final AtomicLong budget;

    private final CountDownLatch running;

    Phase(LoadSettings options, long budget) {
        countFrom = System.nanoTime() + options.warmUp().toNanos();
        countTo = countFrom + options.duration().toNanos();
        this.budget = new AtomicLong(budget);
        running = new CountDownLatch(options.inFlight());
    }

    /** A slot issues no more. */
    void slotEnded() {
        running.countDown();
    }

    void awaitEnd() throws InterruptedException {
        running.await();
    }
}
