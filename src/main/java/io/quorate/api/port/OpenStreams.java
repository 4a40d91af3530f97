package io.quorate.api.port;

import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
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

    private static final Status STOPPED = Status.UNAVAILABLE.withDescription("etcdserver: server stopped");
    private static final Status NO_LEADER = Status.UNAVAILABLE.withDescription("etcdserver: no leader");

    private final Set<Entry> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Keeps a stream registered until it is closed, which the stream's own end must do. */
    public interface Registration extends AutoCloseable {

        /** The stream ended by itself. */
        @Override
        void close();
    }

    private final class Entry implements Registration {

        private final Consumer<Status> close;
        private final boolean needsLeader;
        private final AtomicBoolean done = new AtomicBoolean();

        private Entry(Consumer<Status> close, boolean needsLeader) {
            this.close = close;
            this.needsLeader = needsLeader;
        }

        @Override
        public void close() {
            if (done.compareAndSet(false, true)) {
                open.remove(this);
            }
        }

        private void end(Status reason) {
            if (done.compareAndSet(false, true)) {
                open.remove(this);
                try {
                    close.accept(reason);
                } catch (RuntimeException e) { // the other streams are to be ended all the same
                    log.warn("A stream could not be ended", e);
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
        return register(ignored -> close.run(), false);
    }

    /**
     * Registers a stream that is told why it ends.
     *
     * @param close ends the stream with a status; called at most once, must not block
     * @param needsLeader whether the stream is to end when no leader is known any more
     */
    Registration register(Consumer<Status> close, boolean needsLeader) {
        Entry entry = new Entry(close, needsLeader);
        open.add(entry);
        if (closed) {
            entry.end(STOPPED);
        }
        return entry;
    }

    /** Ends the streams that need a leader: there is none. */
    public void leaderLost() {
        for (Entry entry : open) {
            if (entry.needsLeader) {
                entry.end(NO_LEADER);
            }
        }
    }

    /** Ends all streams and those still to come. */
    public void closeAll() {
        closed = true;
        Set.copyOf(open).forEach(entry -> entry.end(STOPPED));
    }

    /** How many are open now. */
    public int count() {
        return open.size();
    }
}
