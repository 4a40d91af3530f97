package io.quorate.server;

import io.quorate.base.Agent;
import io.quorate.base.AgentThread;
import io.quorate.base.Fault;
import io.quorate.base.Meters;
import io.quorate.base.Waker;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.MpscArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs one after another, in the order of submission, on one worker: the {@code apply} thread. Bounded: a full
 * scheduler refuses, and the run loop keeps the event until a job is done.
 */
public final class FifoScheduler implements Agent {

    private final MpscArrayQueue<Runnable> jobs;
    private final AtomicInteger pending = new AtomicInteger();
    private final Waker waker = new Waker();
    private @Nullable Runnable onSpace;
    private volatile boolean stopped;

    /**
     * @param capacity how many jobs may wait
     */
    public FifoScheduler(int capacity) {
        this.jobs = new MpscArrayQueue<>(capacity);
    }

    @Override
    public String name() {
        return "apply";
    }

    void attach(AgentThread own) {
        waker.attach(own);
    }

    /** Sets the callback run after each job, so that the run loop can retry a rejected submission. Called once, before the thread starts. */
    void onSpace(Runnable callback) {
        Fault.check(onSpace == null, "the scheduler is connected already");
        onSpace = callback;
    }

    /** Queues a job; false when the scheduler is full or stopped. */
    public boolean schedule(Runnable job) {
        if (stopped) {
            return false;
        }
        pending.incrementAndGet();
        if (!jobs.offer(job)) {
            pending.decrementAndGet();
            return false;
        }
        waker.wake();
        return true;
    }

    /** Jobs that wait or run. */
    public int pending() {
        return pending.get();
    }

    /** Takes no more jobs; those that wait are still done by {@link #onStop}. */
    public void stop() {
        stopped = true;
    }

    @Override
    public long doWork() {
        Runnable job = jobs.poll();
        if (job == null) {
            return UNTIL_WOKEN;
        }
        run(job);
        return 0;
    }

    private void run(Runnable job) {
        try {
            job.run();
        } finally {
            pending.decrementAndGet();
        }
        if (onSpace != null) {
            onSpace.run();
        }
    }

    @Override
    public void onStop() {
        Runnable job;
        while ((job = jobs.poll()) != null) {
            run(job);
        }
    }

    /** Registers what is counted here. */
    public void register(Meters meters) {
        meters.gauge("quorate_scheduler_queue_depth", "Jobs that wait for apply.", this::pending);
    }
}
