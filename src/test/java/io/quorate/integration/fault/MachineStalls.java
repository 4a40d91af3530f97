package io.quorate.integration.fault;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How long the machine let this process wait for a processor: what a thread that only wants to wake up every few
 * milliseconds overslept. Members on the same machine waited about as long, and time limits have to allow for that.
 */
final class MachineStalls implements AutoCloseable {

    private static final long PERIOD_NANOS = 10_000_000;
    private static final long NOTICED_NANOS = 50_000_000;

    private final AtomicLong total = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;

    MachineStalls() {
        thread = Thread.ofPlatform().name("machine-stalls").daemon().start(this::measure);
    }

    private void measure() {
        long last = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(PERIOD_NANOS);
            long now = System.nanoTime();
            long overslept = now - last - PERIOD_NANOS;
            if (overslept > NOTICED_NANOS) {
                total.addAndGet(overslept);
            }
            last = now;
        }
    }

    /** All stalls until now. */
    Duration total() {
        return Duration.ofNanos(total.get());
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
