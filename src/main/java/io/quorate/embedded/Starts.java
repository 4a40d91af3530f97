package io.quorate.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Work on several members side by side: to start, each needs the others. */
final class Starts {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Starts() {}

    /**
     * Starts members; returns when all serve.
     *
     * @throws IllegalStateException if one does not, with the reason
     */
    static void run(List<EmbeddedMember> members) {
        each(members, EmbeddedMember::start, true);
    }

    /**
     * Ends members for good.
     *
     * @throws IllegalStateException if one did not end in order; all have been tried then
     */
    static void close(List<EmbeddedMember> members) {
        each(members, EmbeddedMember::close, false);
    }

    /**
     * Does the same with each of them, on a thread of its own.
     *
     * @param together whether the others are interrupted when one fails, or takes too long
     */
    private static void each(List<EmbeddedMember> members, Consumer<EmbeddedMember> work, boolean together) {
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (EmbeddedMember member : members) {
            threads.add(Thread.ofPlatform().name("embedded-member").daemon(true).start(() -> {
                try {
                    work.accept(member);
                } catch (Throwable failure) { // told to the caller
                    failures.add(failure);
                }
            }));
        }
        try {
            await(threads, () -> together && !failures.isEmpty());
        } finally {
            threads.forEach(Thread::interrupt);
        }
        Throwable first = failures.peek();
        if (first != null) {
            throw new IllegalStateException(String.valueOf(first.getMessage()), first);
        }
    }

    private static void await(List<Thread> threads, BooleanSupplier broken) {
        long started = System.nanoTime();
        boolean alive = true;
        try {
            while (alive && !broken.getAsBoolean()) {
                alive = false;
                for (Thread thread : threads) {
                    alive |= !thread.join(Duration.ofMillis(10));
                }
                if (alive && System.nanoTime() - started > LIMIT.toNanos()) {
                    throw new IllegalStateException("members are not ready after " + LIMIT);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while members start or stop", e);
        }
    }
}
