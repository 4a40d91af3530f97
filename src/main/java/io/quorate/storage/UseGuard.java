package io.quorate.storage;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the threads inside native memory, so that it is never freed under a reader: touching freed memory would end the
 * process without a word. Entering costs one atomic addition; only a closing thread ever waits, or makes others wait.
 *
 * <p>Three states: open, barred (no new thread gets in; it waits for the bar to be lifted), and closed for good.
 */
final class UseGuard {

    /** Set in {@link #state} while no new thread may enter; the bits below it count the threads inside. */
    private static final long BARRED = 1L << 62;

    private final AtomicLong state = new AtomicLong();
    private final Object monitor = new Object();
    private volatile boolean closed;

    /**
     * Comes inside; {@link #exit} must follow. Waits while the guard is barred.
     *
     * @throws DatabaseClosedException when it is closed
     */
    void enter() {
        while ((state.getAndIncrement() & BARRED) != 0) {
            exit();
            awaitLifted();
        }
    }

    /**
     * Comes inside for a reader that is inside already, and stays there until this has left. Never waits: a thread that bars the
     * guard would wait for the reader, and the reader for that thread.
     */
    void enterAgain() {
        state.getAndIncrement();
    }

    /** The one or the other. */
    void enter(boolean again) {
        if (again) {
            enterAgain();
        } else {
            enter();
        }
    }

    void exit() {
        if (state.decrementAndGet() == BARRED) {
            synchronized (monitor) {
                monitor.notifyAll();
            }
        }
    }

    /**
     * Lets no new thread in and waits until none is inside.
     *
     * @param barred run as soon as no new thread gets in
     * @return 0 when the guard is barred and empty; otherwise how many are still inside after the wait, and the guard is
     *     open again
     * @throws IllegalStateException when it is barred already
     * @throws DatabaseClosedException when it is closed already
     */
    long bar(long waitMillis, Runnable barred) {
        if ((state.getAndUpdate(value -> value | BARRED) & BARRED) != 0) {
            if (closed) {
                throw new DatabaseClosedException();
            }
            throw new IllegalStateException("The database is being replaced");
        }
        barred.run();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        long inside = inside();
        while (inside > 0 && System.nanoTime() - deadline < 0) {
            synchronized (monitor) {
                if (inside() > 0) {
                    await(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
                }
            }
            inside = inside();
        }
        if (inside > 0) {
            lift();
        }
        return inside;
    }

    /** Lets everybody in again. */
    void lift() {
        synchronized (monitor) {
            state.getAndUpdate(value -> value & ~BARRED);
            monitor.notifyAll();
        }
    }

    /** Turns a bar into the end: threads that wait, or come later, get an exception. */
    void closeForGood() {
        synchronized (monitor) {
            closed = true;
            monitor.notifyAll();
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** How many are inside. */
    long inside() {
        return state.get() & ~BARRED;
    }

    private void awaitLifted() {
        synchronized (monitor) {
            while ((state.get() & BARRED) != 0) {
                if (closed) {
                    throw new DatabaseClosedException();
                }
                await(0);
            }
        }
    }

    /** Waits on the monitor, which is held; the callers loop. */
    @SuppressWarnings("WaitNotInLoop")
    private void await(long millis) {
        try {
            monitor.wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the database", e);
        }
    }
}
