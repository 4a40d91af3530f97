package io.quorate.watch;

import io.quorate.proto.mvccpb.Event;
import io.quorate.watch.WatchStream.WatchSink;
import java.util.ArrayList;
import java.util.List;

/** Collects what a stream sends; drains by itself when scheduled unless told otherwise. */
final class TestSink implements WatchSink {

    final List<WatchMessage> sent = new ArrayList<>();
    private boolean draining;
    int room = Integer.MAX_VALUE;
    boolean drainsItself = true;
    int scheduled;

    private final WatchHub hub;
    final WatchStream stream;

    TestSink(WatchHub hub, WatchMemory memory) {
        this.hub = hub;
        this.stream = hub.open(this, memory);
    }

    @Override
    public void schedule() {
        if (hub.isLockedByCaller()) {
            throw new IllegalStateException("a sink is called under the lock");
        }
        scheduled++;
        if (drainsItself && !draining) {
            stream.drain();
        }
    }

    @Override
    public boolean isReady() {
        return room > 0;
    }

    @Override
    public void send(WatchMessage message) {
        draining = true;
        room--;
        sent.add(message);
        draining = false;
    }

    /** What was sent since the last call. */
    List<WatchMessage> take() {
        List<WatchMessage> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    List<WatchMessage.Events> takeEvents() {
        return take().stream()
                .filter(WatchMessage.Events.class::isInstance)
                .map(WatchMessage.Events.class::cast)
                .toList();
    }

    /** Keys and revisions, such as {@code +a@2 -a@3}. */
    static String text(List<Event> events) {
        List<String> texts = new ArrayList<>();
        for (Event event : events) {
            texts.add((event.getType() == Event.EventType.DELETE ? "-" : "+")
                    + event.getKv().getKey().toStringUtf8() + "@"
                    + event.getKv().getModRevision());
        }
        return String.join(" ", texts);
    }
}
