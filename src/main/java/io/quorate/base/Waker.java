package io.quorate.base;

import org.jspecify.annotations.Nullable;

/** Wakes the thread that runs an agent, for code that hands it work. Any thread. */
public final class Waker {

    private volatile @Nullable AgentThread thread;

    /** Names the thread, before it starts. */
    public void attach(AgentThread own) {
        thread = own;
    }

    /** Makes the agent look for work soon; nothing happens as long as it has no thread. */
    public void wake() {
        AgentThread own = thread;
        if (own != null) {
            own.wake();
        }
    }

    /** Whether the thread is there and runs. */
    public boolean isAlive() {
        AgentThread own = thread;
        return own != null && own.isAlive();
    }
}
