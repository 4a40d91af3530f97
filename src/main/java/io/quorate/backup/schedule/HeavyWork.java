package io.quorate.backup.schedule;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What takes long, beside the segments: one job at a time, on the thread {@code backup-full}. Jobs end soon when they are interrupted. Used
 * by the thread {@code backup}.
 */
final class HeavyWork {

    private final Executor executor;

    @GuardedBy("this")
    private boolean busy;

    @GuardedBy("this")
    private boolean cancelled;

    @GuardedBy("this")
    private @Nullable Thread worker;

    HeavyWork(Executor executor) {
        this.executor = executor;
    }

    /** A job. */
    interface Job {
        void run() throws IOException;
    }

    /** What becomes of a job that fails. */
    interface Failure {
        void accept(Exception cause);
    }

    synchronized boolean isBusy() {
        return busy;
    }

    /**
     * Begins a job; there must be none.
     *
     * @param failure gets what the job throws, on the same thread
     */
    void start(Job job, Failure failure) {
        synchronized (this) {
            if (busy) {
                throw new IllegalStateException("a job is under way");
            }
            busy = true;
        }
        try {
            executor.execute(() -> run(job, failure));
        } catch (RejectedExecutionException e) {
            end();
            throw e;
        }
    }

    private void run(Job job, Failure failure) {
        begin();
        try {
            job.run();
        } catch (IOException | RuntimeException e) { // nothing of a backup may end the member
            failure.accept(e);
        } finally {
            end();
        }
    }

    private synchronized void begin() {
        worker = Thread.currentThread();
        if (cancelled) {
            worker.interrupt();
        }
    }

    private synchronized void end() {
        worker = null;
        busy = false;
    }

    /** Ends the job soon, and each later one. */
    synchronized void cancel() {
        cancelled = true;
        if (worker != null) {
            worker.interrupt();
        }
    }
}
