package io.quorate.api.port;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.base.Stages;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * An account of memory that is held for clients. It allocates nothing: code that is about to hold bytes says so here first,
 * and says when they are gone.
 *
 * <p>What is large asks and waits its turn, first come first served, so that it cannot be overtaken forever. What is small
 * ({@link #SMALL_BYTES}) has arrived already and cannot wait: it passes those that wait and may use a reserve of an eighth
 * on top, and is refused beyond. What exists already, as the answer to a write that was applied, is held in any case; the
 * account may be overdrawn by it, and others wait for longer. What stays for as long as a client likes, as a watcher does,
 * gets a half of the account at most, or nobody else would ever be served again. Any thread.
 */
public final class MemoryBudget {

    /** What a message may take without asking for the whole of it. */
    static final int SMALL_BYTES = 64 * 1024;

    private static final int RESERVE_SHARE = 8;
    private static final int LASTING_SHARE = 2;

    private record Waiter(long bytes, CompletableFuture<Boolean> granted) {}

    private final long limitBytes;
    private final long reserveBytes;
    private final Duration patience;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong lasting = new AtomicLong();
    private final LongAdder waits = new LongAdder();
    private final LongAdder refusals = new LongAdder();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();

    private volatile int waitingCount;

    /**
     * @param limitBytes what may be held before others have to wait
     * @param patience how long they wait before they are refused
     */
    public MemoryBudget(long limitBytes, Duration patience) {
        if (limitBytes < SMALL_BYTES) {
            throw new IllegalArgumentException("'limitBytes' must be at least " + SMALL_BYTES + ": " + limitBytes);
        }
        this.limitBytes = limitBytes;
        this.reserveBytes = limitBytes / RESERVE_SHARE;
        this.patience = patience;
    }

    /** What may be held before others have to wait. */
    public long limitBytes() {
        return limitBytes;
    }

    /** What is held now. */
    public long heldBytes() {
        return held.get();
    }

    /** How many wait for room now. */
    public int waiting() {
        return waitingCount;
    }

    /** How many requests had to wait. */
    public long waits() {
        return waits.sum();
    }

    /** How many requests were refused. */
    public long refusals() {
        return refusals.sum();
    }

    /** How long a request waits for room before it is refused. */
    public Duration patience() {
        return patience;
    }

    /** Whether so much could be held at all. */
    public boolean canEverHold(long bytes) {
        return bytes <= limitBytes;
    }

    /** Holds what is large if there is room and no request waits. */
    public boolean tryHold(long bytes) {
        return waitingCount == 0 && holdBelow(limitBytes, bytes);
    }

    /** Holds more for a request that holds some already: its end helps those that wait. */
    boolean extend(long bytes) {
        return holdBelow(limitBytes, bytes);
    }

    /** Holds what is small, if need be from the reserve. */
    public boolean holdSmall(long bytes) {
        return holdBelow(limitBytes + reserveBytes, bytes);
    }

    /** Holds what stays as long as a client likes; {@link #releaseLasting} must follow. Counts a refusal if there is no room. */
    public boolean holdLasting(long bytes) {
        if (lasting.addAndGet(bytes) <= limitBytes / LASTING_SHARE && holdSmall(bytes)) {
            return true;
        }
        lasting.addAndGet(-bytes);
        refused();
        return false;
    }

    /** What stayed is gone. */
    public void releaseLasting(long bytes) {
        lasting.addAndGet(-bytes);
        release(bytes);
    }

    /** Holds what exists already. */
    public void hold(long bytes) {
        held.addAndGet(bytes);
    }

    private boolean holdBelow(long most, long bytes) {
        long before = held.get();
        while (before + bytes <= most) {
            if (held.compareAndSet(before, before + bytes)) {
                return true;
            }
            before = held.get();
        }
        return false;
    }

    /**
     * Waits for room. A caller that gives up completes the future with false.
     *
     * @return true once the bytes are held, false when the patience is over or they can never be held; completed on any
     *     thread, which the action that follows must not keep
     */
    public CompletableFuture<Boolean> await(long bytes) {
        if (!canEverHold(bytes)) {
            return CompletableFuture.completedFuture(false);
        }
        waits.increment();
        Waiter waiter = new Waiter(bytes, new CompletableFuture<>());
        synchronized (lock) {
            waiting.add(waiter);
            waitingCount = waiting.size();
        }
        Stages.whenDone("giving up waiting for memory", waiter.granted, (granted, failure) -> {
            if (!granted) {
                forget(waiter);
            }
        });
        grant();
        return waiter.granted.completeOnTimeout(false, patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Counts a caller that is refused for want of room. */
    public void refused() {
        refusals.increment();
    }

    private void forget(Waiter waiter) {
        synchronized (lock) {
            waiting.remove(waiter);
            waitingCount = waiting.size();
        }
        grant(); // it may have kept others from what is free
    }

    /** The bytes are gone. */
    public void release(long bytes) {
        held.addAndGet(-bytes);
        if (waitingCount > 0) {
            grant();
        }
    }

    /** Gives room to those at the head of the queue. Futures are completed outside the lock. */
    private void grant() {
        while (true) {
            Waiter first;
            synchronized (lock) {
                first = waiting.peek();
                if (first == null || !holdBelow(limitBytes, first.bytes)) {
                    return;
                }
                waiting.remove();
                waitingCount = waiting.size();
            }
            if (!first.granted.complete(true)) { // gave up in this very moment
                held.addAndGet(-first.bytes);
            }
        }
    }
}
