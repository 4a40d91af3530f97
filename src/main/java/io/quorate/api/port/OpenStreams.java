package io.quorate.api.port;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import lombok.extern.slf4j.Slf4j;

/**
 * The streams that would never end by themselves (watches, lease keep-alives, observers), so that a stopping server can
 * end them instead of waiting for its grace period to pass.
 *
 * <p>Every streaming call of every service is registered without the service's help ({@link StreamTracker}); a service
 * registers something of its own only if it wants to say good-bye in its own way. Any thread.
 */
@Slf4j
public final class OpenStreams {

    private final Set<Entry> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Keeps a stream registered until it is closed, which the stream's own end must do. */
    public interface Registration extends AutoCloseable {

        /** The stream ended by itself. */
        @Override
        void close();
    }

    private final class Entry implements Registration {

        private final Runnable close;
        private final AtomicBoolean done = new AtomicBoolean();

        private Entry(Runnable close) {
            this.close = close;
        }

        @Override
        public void close() {
            if (done.compareAndSet(false, true)) {
                open.remove(this);
            }
        }

        private void end() {
            if (done.compareAndSet(false, true)) {
                open.remove(this);
                try {
                    close.run();
                } catch (RuntimeException e) {
                    log.warn("A stream could not be ended at shutdown", e);
                }
            }
        }
    }

    /**
     * Registers a stream. Once {@link #closeAll()} ran, streams are ended as they come.
     *
     * @param close ends the stream; called at most once, must not block
     */
    public Registration register(Runnable close) {
        Entry entry = new Entry(close);
        open.add(entry);
        if (closed) {
            entry.end();
        }
        return entry;
    }

    /** Ends all streams and those still to come. */
    public void closeAll() {
        closed = true;
        Set.copyOf(open).forEach(Entry::end);
    }

    /** How many are open now. */
    public int count() {
        return open.size();
    }
}
