package io.quorate.sim.member;

import io.quorate.base.KeyRange;
import io.quorate.proto.mvccpb.Event;
import io.quorate.sim.world.SimulatedProcess;
import io.quorate.watch.WatchHub;
import io.quorate.watch.WatchMemory;
import io.quorate.watch.WatchMessage;
import io.quorate.watch.WatchSpec;
import io.quorate.watch.WatchStream;
import io.quorate.watch.WatchStream.WatchSink;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A client that watches all keys at one member, comes back after every crash and goes on behind the last revision that it
 * saw. It must see every revision once, in order, and what all others see.
 */
final class WatchingClient {

    private final SimulatedMember.World world;
    private final long member;
    private final Map<Long, String> seen;
    private long lastRevision = 1;
    private @Nullable Stream stream;

    WatchingClient(SimulatedMember.World world, long member) {
        this.world = world;
        this.member = member;
        this.seen = world.watched();
    }

    /** The newest revision that it saw. */
    long lastRevision() {
        return lastRevision;
    }

    void connect(WatchHub hub, SimulatedProcess process) {
        stream = new Stream(hub, process);
    }

    void disconnect() {
        stream = null;
    }

    /** One connection; what comes from an old one is not looked at. */
    private final class Stream implements WatchSink {

        private final SimulatedProcess process;
        private final WatchStream watch;
        private boolean ready = true;

        Stream(WatchHub hub, SimulatedProcess process) {
            this.process = process;
            this.watch = hub.open(this, WatchMemory.UNBOUNDED);
            watch.create(WatchSpec.builder()
                    .range(KeyRange.ALL)
                    .startRevision(lastRevision + 1)
                    .build());
        }

        @Override
        public void schedule() {
            process.after(world.random().nextLong(500), this::drain);
        }

        /** Now and then the client is slow, so that its watcher falls behind. */
        private void drain() {
            ready = world.random().nextInt(20) > 0;
            watch.drain();
            if (!ready) {
                ready = true;
                process.after(world.random().nextLong(300_000), watch::drain);
            }
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void send(WatchMessage message) {
            if (stream != this) {
                return;
            }
            switch (message) {
                case WatchMessage.Events events -> take(events.events());
                case WatchMessage.Canceled canceled -> {
                    // History up to there is compacted; a client reads the state of now and goes on.
                    lastRevision = Math.max(lastRevision, canceled.compactRevision() - 1);
                    process.after(0, () -> connectAgain());
                }
                case WatchMessage.Refused refused -> throw new AssertionError("watch refused: " + refused.reason());
                case WatchMessage.Created _, WatchMessage.Progress _ -> {}
            }
        }

        private void connectAgain() {
            watch.create(WatchSpec.builder()
                    .range(KeyRange.ALL)
                    .startRevision(lastRevision + 1)
                    .build());
        }
    }

    private void take(List<Event> events) {
        Map<Long, String> byRevision = events.stream()
                .collect(Collectors.groupingBy(
                        event -> event.getKv().getModRevision(),
                        TreeMap::new,
                        Collectors.mapping(WatchingClient::text, Collectors.joining(" "))));
        byRevision.forEach(this::take);
    }

    private void take(long revision, String text) {
        if (revision != lastRevision + 1) {
            throw new AssertionError(
                    "watch: at member " + member + " revision " + revision + " follows " + lastRevision + ": " + text);
        }
        String known = seen.putIfAbsent(revision, text);
        if (known != null && !known.equals(text)) {
            throw new AssertionError(
                    "watch: revision " + revision + " is " + text + " at member " + member + " and elsewhere " + known);
        }
        lastRevision = revision;
    }

    private static String text(Event event) {
        return event.getType() + " " + event.getKv().getKey().toStringUtf8() + "="
                + event.getKv().getValue().toStringUtf8();
    }
}
