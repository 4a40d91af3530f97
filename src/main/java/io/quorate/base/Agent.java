package io.quorate.base;

/**
 * Something that runs: one thread calls {@link #doWork} again and again. In production an {@link AgentThread} does, in a
 * test or the simulation the test itself, step by step.
 */
public interface Agent {

    /** What {@link #doWork} returns when only a wake-up can bring more work. */
    long UNTIL_WOKEN = Long.MAX_VALUE;

    /** The thread's name. */
    String name();

    /**
     * Does the work at hand, without waiting for more.
     *
     * @return how many nanoseconds the agent may rest unless it is woken; 0 when there is more to do
     */
    long doWork();

    /** Called once, by the same thread, after the last {@link #doWork}. */
    default void onStop() {}
}
