package io.quorate.base;

import lombok.extern.slf4j.Slf4j;

/**
 * Lets a start that waits for others end when the process shall: Spring stops nothing before everything has started.
 */
@Slf4j
public final class ShutdownInterrupt {

    private ShutdownInterrupt() {}

    /** Something that waits. */
    @FunctionalInterface
    public interface Wait {

        void run() throws InterruptedException;
    }

    /**
     * Runs it on this thread.
     *
     * @return false if the process ends, so that it was cut short or not begun
     */
    public static boolean run(Wait wait) {
        Thread interruption = new Thread(Thread.currentThread()::interrupt, "start-interruption");
        if (!registered(() -> Runtime.getRuntime().addShutdownHook(interruption))) {
            return false;
        }
        try {
            wait.run();
        } catch (InterruptedException e) {
            // The flag stays cleared: the start comes to its end, and then everything stops in order.
            log.info("told to stop before there was a leader");
            return false;
        }
        return registered(() -> Runtime.getRuntime().removeShutdownHook(interruption));
    }

    private static boolean registered(Runnable change) {
        try {
            change.run();
            return true;
        } catch (IllegalStateException e) { // the process is ending already
            boolean unused = Thread.interrupted();
            log.info("told to stop while starting: {}", e.getMessage());
            return false;
        }
    }
}
