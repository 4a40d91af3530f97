package io.quorate.watch;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts the streams, watchers and events of a {@link WatchHub}. Any thread. */
final class WatchCounts {

    private final AtomicInteger streams = new AtomicInteger();
    private final LongAdder watchers = new LongAdder();
    private final LongAdder pendingEvents = new LongAdder();
    private final LongAdder sentEvents = new LongAdder();

    /** The number of open streams. */
    int streams() {
        return streams.get();
    }

    /** The number of watchers, including those that compaction ended and the client has not cancelled. */
    long watchers() {
        return watchers.sum();
    }

    /** The number of events that wait to be sent. */
    long pendingEvents() {
        return pendingEvents.sum();
    }

    /** The number of events sent since the start. */
    long sentEvents() {
        return sentEvents.sum();
    }

    void opened() {
        streams.incrementAndGet();
    }

    void closed() {
        streams.decrementAndGet();
    }

    void created() {
        watchers.increment();
    }

    void removed() {
        watchers.decrement();
    }

    /** A message entered a buffer, or is held for one that is full. */
    void queued(Outgoing outgoing) {
        pendingEvents.add(outgoing.events());
    }

    /** A message left the buffer for the client. */
    void sent(Outgoing outgoing) {
        pendingEvents.add(-outgoing.events());
        sentEvents.add(outgoing.events());
    }

    /** A message left the buffer because its watcher or its stream ended. */
    void dropped(Outgoing outgoing) {
        pendingEvents.add(-outgoing.events());
    }
}
