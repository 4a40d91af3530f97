package io.quorate.tool;

import io.quorate.base.FileFailure;
import io.quorate.tool.Tool.ToolException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All changes of the source from a revision on, read by a thread of its own into a queue that holds it back when it is full. Used by one
 * other thread.
 */
final class WatchedParts implements AutoCloseable {

    private static final int PARTS_MAX = 4096;

    /** What may wait. A single part has at most about what one request of the source may have. */
    private static final int BYTES_MAX = 16 << 20;

    private final SourceEtcd source;
    private final BlockingQueue<Part> parts = new ArrayBlockingQueue<>(PARTS_MAX);
    private final Semaphore room = new Semaphore(BYTES_MAX);
    private final Thread reader;

    /**
     * What came.
     *
     * @param events in the order in which they were made
     * @param goesOn whether the last revision may go on in the next part
     * @param compactRevision what the source has compacted, if that ended the watch; 0 otherwise
     * @param failure why the watch ended; null if it goes on
     */
    record Part(
            List<?> events,
            boolean goesOn,
            long compactRevision,
            @Nullable String failure) {

        /** About how many bytes of the queue's it takes. */
        private int room() {
            int characters = 0;
            for (Object each : events) {
                if (each instanceof Map<?, ?> event && event.get("kv") instanceof Map<?, ?> kv) {
                    characters += Objects.toString(kv.get("key"), "").length()
                            + Objects.toString(kv.get("value"), "").length();
                }
            }
            return Math.min(characters, BYTES_MAX);
        }

        static Part ofFailure(String reason) {
            return new Part(List.of(), false, 0, reason);
        }
    }

    WatchedParts(SourceEtcd opened, long revision) {
        source = opened;
        reader = Thread.startVirtualThread(() -> read(revision));
    }

    private void read(long revision) {
        Map<String, Object> create =
                Map.of("key", "AA==", "range_end", "AA==", "start_revision", Long.toString(revision), "fragment", true);
        try {
            try {
                source.client().stream("/v3/watch", SourceEtcd.json(Map.of("create_request", create)), this::take);
                parts.put(Part.ofFailure("the etcd ended the watch"));
            } catch (IOException | RuntimeException failure) { // whatever it is, the other thread must know
                parts.put(Part.ofFailure(FileFailure.describe(failure)));
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(Map<String, Object> line) throws IOException {
        if (!(line.get("result") instanceof Map<?, ?> result)) {
            throw new IOException("the etcd ended the watch: " + line.get("error"));
        }
        long compacted = SourceEtcd.number(result, "compact_revision");
        List<?> events = result.get("events") instanceof List<?> some ? some : List.of();
        String failure = Boolean.TRUE.equals(result.get("canceled"))
                ? "the etcd cancelled the watch: " + Objects.toString(result.get("cancel_reason"), "no reason given")
                : null;
        try {
            Part part = new Part(events, Boolean.TRUE.equals(result.get("fragment")), compacted, failure);
            room.acquire(part.room());
            parts.put(part);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
            throw new IOException("closed", closed);
        }
    }

    /** The next part; null if none comes in time. */
    @Nullable
    Part poll(Duration patience) {
        try {
            Part part = parts.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (part != null) {
                room.release(part.room());
            }
            return part;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ToolException("Interrupted while waiting for the etcd.");
        }
    }

    /** Whether nothing waits to be taken. */
    boolean isEmpty() {
        return parts.isEmpty();
    }

    @Override
    public void close() {
        reader.interrupt();
        source.client().abort();
    }
}
