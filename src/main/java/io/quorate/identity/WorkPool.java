package io.quorate.identity;

import io.quorate.base.Meters;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A few threads for work that costs a processor: bcrypt, and the verification of signatures. Threads are started when they
 * are needed and end when nothing has come for a while. What is too much is refused, and never runs on the caller's thread.
 */
public final class WorkPool implements AutoCloseable {

    private static final long IDLE_SECONDS = 60;

    private final String name;
    private final ThreadPoolExecutor threads;
    private final LongAdder refused = new LongAdder();

    /**
     * @param name what its threads are called, with a number
     * @param threads how many jobs run at the same time
     * @param queueMax how many may wait for them
     */
    public WorkPool(String name, int threads, int queueMax) {
        AtomicInteger number = new AtomicInteger();
        this.name = name;
        this.threads = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queueMax),
                task -> Thread.ofPlatform()
                        .name(name + "-" + number.incrementAndGet())
                        .daemon(true)
                        .unstarted(task));
        this.threads.allowCoreThreadTimeOut(true);
    }

    /** Registers how much waits and how much was refused. */
    public void register(Meters meters) {
        meters.gauge(
                "quorate_auth_" + name + "_waiting",
                "Jobs that wait for a thread of the pool " + name + ".",
                () -> threads.getQueue().size());
        meters.counter(
                "quorate_auth_" + name + "_refused_total",
                "Jobs that the pool " + name + " refused because too many waited.",
                refused::sum);
    }

    /**
     * Runs a job.
     *
     * @return a stage of its result, completed by a thread of the pool; of a {@link RequestException} if too many jobs wait or
     *     the pool is closed
     */
    public <T extends @Nullable Object> CompletionStage<T> run(Supplier<T> job) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.execute(() -> complete(result, job));
        } catch (RejectedExecutionException full) {
            if (threads.isShutdown()) {
                return CompletableFuture.failedStage(new RequestException(RequestError.STOPPED));
            }
            refused.increment();
            return CompletableFuture.failedStage(new RequestException(RequestError.TOO_MANY_REQUESTS));
        }
        return result;
    }

    private static <T extends @Nullable Object> void complete(CompletableFuture<T> result, Supplier<T> job) {
        T value;
        try {
            value = job.get();
        } catch (Throwable failure) { // the waiting caller must learn of it
            result.completeExceptionally(failure);
            return;
        }
        result.complete(value);
    }

    /** Ends the threads once what waits is done. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
