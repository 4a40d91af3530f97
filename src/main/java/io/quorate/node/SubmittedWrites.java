package io.quorate.node;

import io.quorate.raft.Message;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The writes of the core on their way to the {@link LogWriter}. One that promises nothing new is kept back until there is another or
 * the clock ticks, see {@link WritePromises}. Used by {@code raft-node}.
 */
final class SubmittedWrites {

    private final LogWriter writer;
    private final PendingWrites pending;
    private @Nullable Message keptBack;
    private boolean due; // a write was submitted that nobody was woken for

    SubmittedWrites(LogWriter writer, PendingWrites pending) {
        this.writer = writer;
        this.pending = pending;
    }

    /** Takes a write; returns what completes after the fsync that covers it, if it must be durable for anything. */
    CompletableFuture<Void> add(Message write) {
        if (writer.mayWait(write)) {
            keptBack = WritePromises.merge(keptBack, write);
            return CompletableFuture.completedFuture(null);
        }
        submitKeptBack();
        return submit(write);
    }

    /** Nothing is kept back any longer. */
    void submitKeptBack() {
        Message write = keptBack;
        if (write != null) {
            keptBack = null;
            CompletableFuture<Void> unused = submit(write);
        }
    }

    private CompletableFuture<Void> submit(Message write) {
        CompletableFuture<Void> persisted = new CompletableFuture<>();
        pending.submitted();
        writer.submit(write, persisted);
        due = true;
        return persisted;
    }

    /** Whether something was submitted that is still to be done, see {@link #flush}. */
    boolean isDue() {
        return due;
    }

    /**
     * Has done what was submitted.
     *
     * @param here whether this thread may do it and wait for the disk
     */
    void flush(boolean here) {
        due = false;
        if (!here || !writer.writeHere()) {
            writer.wake();
        }
    }
}
