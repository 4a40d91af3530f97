package io.quorate.base;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;

/**
 * An agent that runs whatever it is given, one after another, and a background job in between. Used for work that may
 * take long and are not awaited: flushes and compaction.
 */
public final class Tasks implements Agent, Executor {

    private final String name;
    private final LongSupplier background;
    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final Waker waker = new Waker();

    /**
     * @param background runs whenever no task waits; gives the nanoseconds it may rest
     */
    public Tasks(String name, LongSupplier background) {
        this.name = name;
        this.background = background;
    }

    /** Lets submissions wake the thread. */
    public void attach(AgentThread own) {
        waker.attach(own);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void execute(Runnable task) {
        queue.add(task);
        wake();
    }

    /** Lets the background job look for work soon. */
    public void wake() {
        waker.wake();
    }

    @Override
    public long doWork() {
        Runnable task = queue.poll();
        if (task == null) {
            return background.getAsLong();
        }
        task.run();
        return 0;
    }

    @Override
    public void onStop() {
        Runnable task;
        while ((task = queue.poll()) != null) {
            task.run();
        }
    }
}
