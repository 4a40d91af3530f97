package io.quorate.storage;

import io.quorate.base.MonotonicClock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import lombok.RequiredArgsConstructor;

/**
 * Lets long work in the background give way to writers: after each {@link #SLICE_NANOS} of processor time the thread rests {@link
 * #REST_FACTOR} times as long, as long as the database is written to. With nobody writing it never rests. Belongs to one thread; what all
 * its jobs do in turn counts together.
 */
@RequiredArgsConstructor
final class BackgroundPace {

    /** Short enough that a writer that waits for a processor hardly notices; a rest costs some 50 us more than it says. */
    static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    static final long REST_FACTOR = 3;

    /** The most that is made good by one rest: the thread may have done something else since the last step. */
    static final long WORK_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(10);

    /** Writers are there for so long after a write. */
    static final long WRITING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final LongSupplier writes;
    private final MonotonicClock clock;
    private final LongSupplier processorNanos;
    private final LongConsumer rest;
    private boolean begun;
    private long lookedNanos;
    private long restedAt;
    private long seenWrites;
    private long writtenNanos;
    private boolean writing;

    /** To be called between small pieces of work; rests if it is time to. */
    void step() {
        long now = clock.nanos();
        if (!begun) {
            begun = true;
            seenWrites = writes.getAsLong();
            startSlice(now, processorNanos.getAsLong());
        } else if (now - lookedNanos >= SLICE_NANOS) {
            look(now, processorNanos.getAsLong());
        }
    }

    /** Asking for the time of the processor is a system call, so it is not asked at every step. */
    private void look(long now, long processor) {
        lookedNanos = now;
        if (!isWriting(now)) {
            startSlice(now, processor);
        } else if (processor - restedAt >= SLICE_NANOS) {
            rest.accept(REST_FACTOR * Math.min(processor - restedAt, WORK_NANOS_MAX));
            startSlice(clock.nanos(), processor);
        }
    }

    private void startSlice(long now, long processor) {
        lookedNanos = now;
        restedAt = processor;
    }

    private boolean isWriting(long now) {
        long count = writes.getAsLong();
        if (count != seenWrites) {
            seenWrites = count;
            writtenNanos = now;
            writing = true;
        } else if (now - writtenNanos > WRITING_NANOS) {
            writing = false;
        }
        return writing;
    }
}
