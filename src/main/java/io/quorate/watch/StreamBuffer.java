package io.quorate.watch;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The messages waiting on one stream, in the order in which they go out. Filled under the hub's lock, emptied without it,
 * so that a drain never waits for the engine. Answers to requests always fit; the stream stops accepting requests instead.
 */
final class StreamBuffer {

    private final ConcurrentLinkedQueue<Outgoing> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger batches = new AtomicInteger();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final int batchesMax;
    private final long bytesMax;

    StreamBuffer(int batchesMax, long bytesMax) {
        this.batchesMax = batchesMax;
        this.bytesMax = bytesMax;
    }

    void answer(Outgoing outgoing) {
        answers.incrementAndGet();
        queue.add(outgoing);
    }

    /** Returns false when full. */
    boolean offer(Outgoing outgoing) {
        int waiting = batches.get();
        if (waiting >= batchesMax || (waiting > 0 && bytes.get() + outgoing.bytes() > bytesMax)) {
            return false;
        }
        batches.incrementAndGet();
        bytes.addAndGet(outgoing.bytes());
        queue.add(outgoing);
        return true;
    }

    /** The next message if it may go out now. */
    @Nullable
    Outgoing pollReady() {
        Outgoing head = queue.peek();
        return head != null && head.isReady() ? poll() : null;
    }

    /** The next message, ready or not. */
    @Nullable
    Outgoing poll() {
        Outgoing head = queue.poll();
        if (head != null) {
            if (head.isAnswer()) {
                answers.decrementAndGet();
            } else {
                batches.decrementAndGet();
                bytes.addAndGet(-head.bytes());
            }
        }
        return head;
    }

    int answers() {
        return answers.get();
    }
}
