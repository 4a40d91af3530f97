package io.quorate.api.web;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.api.port.MemoryBudget;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way to one client, as {@code text/event-stream}. They wait in a queue, which a virtual thread empties while there is
 * something in it. The queue is bounded by its sender, which stops while it is not ready, and what is sent then is one answer of a
 * call. Any thread.
 */
@Slf4j
final class EventStream {

    private static final int FULL_BYTES = 256 * 1024;
    private static final long COMMENT_SECONDS = 15;

    /** What a stream takes for as long as it is open, its connection to Tomcat included. */
    private static final long OPEN_BYTES = 32 * 1024;

    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final AsyncContext async;
    private final OutputStream out;
    private final MemoryBudget memory;
    private final Runnable emptied;
    private final Runnable finished;
    private final Future<?> comments;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final ArrayDeque<byte[]> queue = new ArrayDeque<>();

    @GuardedBy("lock")
    private long queuedBytes;

    @GuardedBy("lock")
    private boolean writing;

    @GuardedBy("lock")
    private boolean ended;

    @GuardedBy("lock")
    private boolean closed;

    private EventStream(
            AsyncContext async,
            OutputStream out,
            MemoryBudget memory,
            ScheduledExecutorService timer,
            Runnable emptied,
            Runnable finished) {
        this.async = async;
        this.out = out;
        this.memory = memory;
        this.emptied = emptied;
        this.finished = finished;
        this.comments = timer.scheduleWithFixedDelay(this::comment, COMMENT_SECONDS, COMMENT_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Opens a stream in place of the answer to a request.
     *
     * @param emptied runs when the queue was full and is not any more
     * @param finished runs when the stream has ended, whatever the reason
     * @throws Problem if there is no memory for it
     */
    static EventStream open(
            HttpServletRequest request,
            HttpServletResponse response,
            Services services,
            Runnable emptied,
            Runnable finished)
            throws IOException {
        MemoryBudget memory = services.memory();
        if (!memory.holdLasting(OPEN_BYTES)) {
            throw Problem.unavailable("no memory for another stream");
        }
        response.setContentType("text/event-stream");
        response.setHeader("X-Accel-Buffering", "no");
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        EventStream stream =
                new EventStream(async, response.getOutputStream(), memory, services.loop(), emptied, finished);
        stream.add(COMMENT); // so that the client knows before there is an event
        return stream;
    }

    /** Whether another event should come. */
    boolean isReady() {
        synchronized (lock) {
            return !closed && queuedBytes < FULL_BYTES;
        }
    }

    /**
     * Sends an event.
     *
     * @param name of its kind
     * @param id where the client goes on after it; null if it must not go on here
     * @param data JSON in one line
     */
    void send(String name, @Nullable Long id, byte[] data) {
        String head = (id == null ? "" : "id: " + id + "\n") + "event: " + name + "\ndata: ";
        byte[] first = head.getBytes(StandardCharsets.US_ASCII);
        byte[] event = new byte[first.length + data.length + 2];
        System.arraycopy(first, 0, event, 0, first.length);
        System.arraycopy(data, 0, event, first.length, data.length);
        event[event.length - 2] = '\n';
        event[event.length - 1] = '\n';
        add(event);
    }

    private void add(byte[] event) {
        synchronized (lock) {
            if (ended || closed) {
                return;
            }
            queue.add(event);
            queuedBytes += event.length;
            memory.hold(event.length);
        }
        write();
    }

    /** Tells those in between that the stream is alive, unless there is something else to tell. */
    private void comment() {
        synchronized (lock) {
            if (!queue.isEmpty() || writing) {
                return;
            }
        }
        add(COMMENT);
    }

    /** Ends the stream behind the events that wait. */
    void end() {
        synchronized (lock) {
            ended = true;
        }
        write();
    }

    /** Ends the stream at once: nobody reads it. */
    void abandon() {
        synchronized (lock) {
            ended = true;
            memory.release(queuedBytes);
            queuedBytes = 0;
            queue.clear();
        }
        write();
    }

    private void write() {
        synchronized (lock) {
            if (writing || closed) {
                return;
            }
            writing = true;
        }
        Thread.ofVirtual().name("event-stream").start(this::empty);
    }

    private void empty() {
        try {
            for (byte[] event = next(); event != null; event = next()) {
                out.write(event);
                if (written(event.length)) {
                    out.flush();
                }
            }
        } catch (IOException | RuntimeException e) { // it does not read, or has gone
            log.debug("A stream of events broke off", e);
            close();
        }
    }

    /** The next event; null when there is none, and then the stream may be at its end. */
    private byte @Nullable [] next() {
        boolean last;
        synchronized (lock) {
            byte[] event = queue.poll();
            if (event != null) {
                return event;
            }
            writing = false;
            last = ended;
        }
        if (last) {
            close();
        }
        return null;
    }

    /** Whether nothing more waits. */
    private boolean written(int bytes) {
        boolean wasFull;
        boolean nothing;
        synchronized (lock) {
            int released = (int) Math.min(bytes, queuedBytes); // none if it was abandoned meanwhile
            wasFull = queuedBytes >= FULL_BYTES;
            queuedBytes -= released;
            memory.release(released);
            wasFull = wasFull && queuedBytes < FULL_BYTES;
            nothing = queue.isEmpty();
        }
        if (wasFull) {
            emptied.run();
        }
        return nothing;
    }

    private void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            memory.release(queuedBytes);
            queuedBytes = 0;
            queue.clear();
        }
        comments.cancel(false);
        memory.releaseLasting(OPEN_BYTES);
        finished.run();
        try {
            async.complete();
        } catch (IllegalStateException e) { // the container has ended it
            log.debug("A stream of events had ended", e);
        }
    }
}
