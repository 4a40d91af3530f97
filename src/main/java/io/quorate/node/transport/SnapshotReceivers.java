package io.quorate.node.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The states that come in, one at a time: the newest sender's counts. What has arrived when a connection breaks is kept for
 * a while, so that its sender can go on. Called by the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails ends the connection, which is noticed
final class SnapshotReceivers {

    private final EventLoop loop;
    private final Duration kept;
    private @Nullable Channel channel;
    private CompletableFuture<@Nullable PartialSnapshot> newest = CompletableFuture.completedFuture(null);

    /** @param kept how long what has arrived waits for the rest */
    SnapshotReceivers(EventLoop loop, Duration kept) {
        this.loop = loop;
        this.kept = kept;
    }

    /** A member connects to send a snapshot, which the receiver takes in; a transfer that runs already is ended. */
    PeerServer.LaneHandler enter(long from, Channel connection, SnapshotSink receiver, PeerCounters counters) {
        if (channel != null) {
            channel.close();
        }
        channel = connection;
        SnapshotReceiver state = new SnapshotReceiver(from, connection, receiver, counters, newest);
        CompletableFuture<@Nullable PartialSnapshot> rest = state.rest();
        newest = rest;
        var unused = rest.thenAccept(partial -> {
            if (partial != null) {
                loop.schedule(() -> forget(rest, partial, receiver), kept.toNanos(), TimeUnit.NANOSECONDS);
            }
        });
        Thread.ofPlatform().name("snapshot-receive").daemon(true).start(state);
        return state;
    }

    private void forget(
            CompletableFuture<@Nullable PartialSnapshot> rest, PartialSnapshot partial, SnapshotSink receiver) {
        if (newest.equals(rest)) { // else a later transfer has taken it over
            newest = CompletableFuture.completedFuture(null);
            Thread.ofVirtual().start(() -> receiver.discard(partial.folder()));
        }
    }
}
