package io.quorate.proposal;

import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The few threads that read from the state machine, so that no event loop ever waits for the disk. Platform threads: a
 * virtual one inside RocksDB would pin its carrier.
 */
public final class ReadPool implements Executor, AutoCloseable {

    private static final long STOP_SECONDS = 5;

    private final ThreadPoolExecutor threads;
    private final int queueMax;

    /**
     * @param name what its threads are called, with a number
     * @param threads how many reads run at the same time
     * @param queueMax how many may wait before {@link #admit} refuses more
     */
    public ReadPool(String name, int threads, int queueMax) {
        AtomicInteger number = new AtomicInteger();
        this.queueMax = queueMax;
        this.threads = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> Thread.ofPlatform()
                        .name(name + "-" + number.incrementAndGet())
                        .daemon(true)
                        .unstarted(task));
    }

    /**
     * Runs a task that was admitted before, for example a reader whose round is over; once the pool is closed, on the calling
     * thread, so that no caller waits in vain.
     */
    @Override
    public void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException closed) {
            task.run();
        }
    }

    /**
     * Runs a new read.
     *
     * @throws RequestException too many requests, when too many wait already; stopped, when the pool is closed
     */
    public void admit(Runnable read) {
        if (threads.getQueue().size() >= queueMax) {
            throw new RequestException(RequestError.TOO_MANY_REQUESTS);
        }
        try {
            threads.execute(read);
        } catch (RejectedExecutionException closed) {
            throw new RequestException(RequestError.STOPPED);
        }
    }

    /** Reads that wait for a thread. */
    public int waiting() {
        return threads.getQueue().size();
    }

    /** Lets the running reads end; those that wait are still done. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
