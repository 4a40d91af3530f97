package io.quorate.node.transport;

import io.quorate.raft.Message;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import lombok.With;
import lombok.extern.slf4j.Slf4j;

/**
 * The receivers of what a {@link PeerNetwork} receives and notices. All of them are called by the event loop and must not block, but for
 * the sink of snapshots, which the thread {@code snapshot-receive} calls.
 *
 * @param inbox gets the messages of consensus
 * @param snapshots takes in the states that leaders send
 * @param calls answers the calls of other members
 * @param refused learns that another member, the first argument, refuses this one; called again and again while that is so
 * @param active learns that one more member can be reached
 * @param roundTrips gives the recorder of the round trip times to a member, in nanoseconds
 */
@With
public record PeerReceivers(
        PeerInbox inbox,
        SnapshotSink snapshots,
        CallHandler calls,
        BiConsumer<Long, Refusal> refused,
        Runnable active,
        LongFunction<LongConsumer> roundTrips) {

    /** Loses messages and refuses snapshots and calls, for a network that only sends, or only tells the members. */
    public static final PeerReceivers NONE = new PeerReceivers(
            new NoInbox(),
            new NoSink(),
            (from, method, request) -> CompletableFuture.failedFuture(new IllegalStateException("not started yet")),
            (id, refusal) -> {},
            () -> {},
            id -> nanos -> {});

    /** Loses messages. */
    @Slf4j
    private static final class NoInbox implements PeerInbox {

        @Override
        public boolean receive(Message message) {
            return false;
        }

        @Override
        public void unreachable(long id) {
            log.debug("member {} cannot be reached, and nobody is there to care", Long.toHexString(id));
        }

        @Override
        public void snapshotSent(long id, boolean ok) {
            log.debug("a snapshot to {} ended, and nobody is there to care", Long.toHexString(id));
        }
    }

    /** Without a sink, states are not received. */
    private static final class NoSink implements SnapshotSink {

        @Override
        public Path newFolder() {
            throw new IllegalStateException("nobody takes in states");
        }

        @Override
        public void arrived(Message announcement, Path folder) {
            throw new IllegalStateException("nobody takes in states");
        }

        @Override
        public void discard(Path folder) {
            throw new IllegalStateException("nobody takes in states");
        }
    }
}
