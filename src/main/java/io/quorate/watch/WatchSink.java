package io.quorate.watch;

/** Where the messages of one stream go; implemented by the edge. */
public interface WatchSink {

    /**
     * Something may be waiting: arrange for {@link WatchStream#drain} to be called soon on the thread that owns the
     * sink. Called on any thread, the apply thread included, never with a lock of the engine held, and not again before
     * the next drain. Must not block; must not drain on the calling thread unless that thread owns the sink.
     */
    void schedule();

    /** Whether the transport takes another message now; if not, the edge drains again once it does. */
    boolean isReady();

    /** Sends one message; only called from {@link WatchStream#drain}, after {@link #isReady} answered true. */
    void send(WatchMessage message);
}
