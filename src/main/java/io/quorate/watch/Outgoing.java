package io.quorate.watch;

import io.quorate.proto.mvccpb.Event;
import java.util.List;

/**
 * A message on its way through a stream's buffer. Events for a watcher that wants previous records become ready only when
 * {@code watch-sync} has added these; until then they hold up what was queued behind them.
 */
final class Outgoing {

    private final boolean answer;
    private final boolean fragment;
    private final int events;
    private final long bytes;

    /** Written before {@link #ready}, which publishes it. */
    private WatchMessage message;

    private volatile boolean ready;

    private Outgoing(WatchMessage message, boolean answer, boolean fragment, int events, long bytes, boolean ready) {
        this.message = message;
        this.answer = answer;
        this.fragment = fragment;
        this.events = events;
        this.bytes = bytes;
        this.ready = ready;
    }

    /** The answer to a request, which always finds room. */
    static Outgoing answer(WatchMessage message) {
        return new Outgoing(message, true, false, 0, 0, true);
    }

    static Outgoing progress(WatchMessage.Progress message) {
        return new Outgoing(message, false, false, 0, 0, true);
    }

    static Outgoing events(Watcher watcher, long revision, List<Event> events) {
        long bytes = 0;
        boolean ready = true;
        for (Event event : events) {
            bytes += event.getSerializedSize();
            ready &= !(watcher.spec().previousRecord() && PreviousRecords.hasPrevious(event));
        }
        WatchMessage message = new WatchMessage.Events(watcher.id(), revision, events, false);
        return new Outgoing(message, false, watcher.spec().fragment(), events.size(), bytes, ready);
    }

    /** True for the answer to a request; false for what counts against the buffer's limits. */
    boolean isAnswer() {
        return answer;
    }

    /** Whether it may be split. */
    boolean mayFragment() {
        return fragment;
    }

    int events() {
        return events;
    }

    /** Size of the events, without previous records still to be added. */
    long bytes() {
        return bytes;
    }

    boolean isReady() {
        return ready;
    }

    WatchMessage message() {
        return message;
    }

    /** Puts the complete message in place; only once, only by {@code watch-sync}. */
    void complete(WatchMessage complete) {
        message = complete;
        ready = true;
    }
}
