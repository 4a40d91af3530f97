package io.quorate.base;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The thread of an {@link Agent}: works, rests, wakes up when told. Whatever escapes the agent is fatal and goes to the
 * sink; the thread then ends.
 */
public final class AgentThread implements AutoCloseable {

    private static final Duration JOIN_LIMIT = Duration.ofSeconds(10);

    private final Agent agent;
    private final Fault.Sink faults;
    private volatile boolean signaled;
    private volatile boolean stopping;
    private volatile @Nullable Thread thread;

    public AgentThread(Agent agent, Fault.Sink faults) {
        this.agent = agent;
        this.faults = faults;
    }

    /** Starts the thread; once. */
    public synchronized void start() {
        Fault.check(thread == null, "agent %s is already started", agent.name());
        Thread started = Thread.ofPlatform().name(agent.name()).daemon(true).unstarted(this::run);
        thread = started;
        started.start();
    }

    /** Makes the agent look for work soon. Cheap when it is already awake; callable from any thread. */
    public void wake() {
        if (!signaled) {
            signaled = true;
            LockSupport.unpark(thread);
        }
    }

    /** True from {@link #start} until the thread ended. */
    public boolean isAlive() {
        Thread current = thread;
        return current != null && current.isAlive();
    }

    /** Lets the current round finish, then ends the thread and waits for it. Does nothing if it never started. */
    @Override
    public void close() {
        stopping = true;
        Thread current = thread;
        if (current == null || current == Thread.currentThread()) {
            return;
        }
        LockSupport.unpark(current);
        try {
            if (!current.join(JOIN_LIMIT)) {
                faults.fatal(new Fault("thread " + agent.name() + " did not stop within " + JOIN_LIMIT));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!stopping) {
                signaled = false;
                long restNanos = agent.doWork();
                if (restNanos > 0 && !signaled && !stopping) {
                    LockSupport.parkNanos(agent, restNanos);
                }
            }
            agent.onStop();
        } catch (Throwable cause) { // nothing of an agent may end unseen
            faults.fatal(cause);
        }
    }
}
