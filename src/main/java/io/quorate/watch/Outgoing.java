package io.quorate.watch;

import io.quorate.proto.mvccpb.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * A message on its way through a stream's buffer; events that several watchers of the stream want are one. Events for a watcher that wants
 * previous records become ready only when {@code watch-sync} has added these; until then they hold up what was queued behind them.
 */
final class Outgoing {

    private final boolean answer;
    private final boolean fragment;

    /** The receivers of the events; empty if there are none. */
    private final List<Watcher> watchers;

    /** For one watcher. */
    private final int events;

    /** For one watcher. */
    private final long bytes;

    /** Written before {@link #ready}, which publishes it. */
    private WatchMessage message;

    private volatile boolean ready;

    /** A message without events. */
    private Outgoing(WatchMessage message, boolean answer) {
        this.message = message;
        this.answer = answer;
        this.fragment = false;
        this.watchers = List.of();
        this.events = 0;
        this.bytes = 0;
        this.ready = true;
    }

    private Outgoing(Watcher watcher, WatchMessage.Events message, long bytes, boolean ready) {
        this.message = message;
        this.answer = false;
        this.fragment = watcher.spec().fragment();
        this.watchers = new ArrayList<>(1);
        watchers.add(watcher);
        this.events = message.events().size();
        this.bytes = bytes;
        this.ready = ready;
    }

    /** The answer to a request, which always finds room. */
    static Outgoing answer(WatchMessage message) {
        return new Outgoing(message, true);
    }

    static Outgoing progress(WatchMessage.Progress message) {
        return new Outgoing(message, false);
    }

    static Outgoing events(Watcher watcher, long revision, List<Event> events) {
        long bytes = 0;
        boolean ready = true;
        for (Event event : events) {
            bytes += event.getSerializedSize();
            ready &= !(watcher.spec().previousRecord() && PreviousRecords.hasPrevious(event));
        }
        return new Outgoing(watcher, new WatchMessage.Events(watcher.id(), revision, events, false), bytes, ready);
    }

    /**
     * Adds a watcher of the same stream that wants the very same events, before this is queued. Not if they are to be split, or need
     * previous records.
     *
     * @return false, and nothing done, if it cannot share them
     */
    boolean share(Watcher watcher, List<Event> wanted) {
        boolean shares = ready
                && !fragment
                && !watcher.spec().fragment()
                && !watcher.spec().previousRecord()
                && message instanceof WatchMessage.Events own
                && own.isOf(wanted);
        if (shares) {
            watchers.add(watcher);
        }
        return shares;
    }

    /** The receivers of the events. */
    List<Watcher> watchers() {
        return watchers;
    }

    /** The same for one of several watchers alone. */
    Outgoing only(Watcher watcher) {
        return watchers.size() == 1
                ? this
                : new Outgoing(watcher, ((WatchMessage.Events) message).to(watcher.id()), bytes, true);
    }

    /** True for the answer to a request; false for what counts against the buffer's limits. */
    boolean isAnswer() {
        return answer;
    }

    /** Whether it may be split. */
    boolean mayFragment() {
        return fragment;
    }

    /** How many events go out, to all watchers together. */
    int events() {
        return events * watchers.size();
    }

    /** Size of the events for all watchers together, without previous records still to be added. */
    long bytes() {
        return bytes * watchers.size();
    }

    boolean isReady() {
        return ready;
    }

    /** For the first of several watchers. */
    WatchMessage message() {
        return message;
    }

    /** Puts the complete message in place; only once, only by {@code watch-sync}. */
    void complete(WatchMessage complete) {
        message = complete;
        ready = true;
    }
}
