package io.quorate.node.transport;

import io.netty.channel.Channel;
import io.quorate.base.MonotonicClock;
import io.quorate.raft.Message;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Everything towards one peer: its lanes and what was counted. */
final class PeerLink {

    /** Heartbeats and votes that could not be sent at once are soon worth nothing. */
    private static final long CONTROL_BYTES_MAX = 1 << 20;

    private final PeerCounters counters = new PeerCounters();
    private final PeerReach reach;
    private final MessageLane control;
    private final MessageLane append;
    private final CallLane calls;
    private final Dialer controlDialer;
    private final Dialer appendDialer;
    private final Dialer callDialer;

    /** Listens to events on a link. */
    record Listeners(
            Runnable unreachable,
            Runnable active,
            Consumer<Frame> incoming,
            Consumer<Refusal> refused,
            LongConsumer roundTrip) {}

    PeerLink(Dialer.Line line, long peer, Listeners listeners) {
        var loop = line.loop().loop();
        MonotonicClock clock = line.options().clock();
        control = new MessageLane(
                loop, CONTROL_BYTES_MAX, counters, listeners.unreachable(), listeners.incoming(), clock);
        append = new MessageLane(
                loop, line.options().queueBytesMax(), counters, listeners.unreachable(), listeners.incoming(), clock);
        calls = new CallLane(loop, peer);
        LongConsumer nobody = nanos -> {};
        reach = PeerReach.ofMember(() -> line.directory().name(peer), clock);
        controlDialer =
                new Dialer(line, side(peer, Lane.CONTROL), listeners.roundTrip(), new Watched(control, listeners));
        appendDialer = new Dialer(line, side(peer, Lane.LOG), nobody, append);
        callDialer = new Dialer(line, side(peer, Lane.CALL), nobody, calls);
        calls.connectBy(callDialer);
    }

    /** The lane by which is judged whether a peer is there. */
    private record Watched(MessageLane lane, Listeners listeners) implements Dialer.User {

        @Override
        public void ready(Channel channel) {
            lane.ready(channel);
            listeners.active().run();
        }

        @Override
        public void frame(Frame frame) {
            lane.frame(frame);
        }

        @Override
        public void lost() {
            lane.lost();
        }

        @Override
        public void writable() {
            lane.writable();
        }

        @Override
        public void refused(Refusal refusal) {
            listeners.refused().accept(refusal);
        }
    }

    void open() {
        controlDialer.open();
        appendDialer.open();
    }

    void close() {
        controlDialer.close();
        appendDialer.close();
        callDialer.close();
    }

    /** The peer has dialled this member, so it is there. On the event loop. */
    void hurry() {
        controlDialer.hurry();
        appendDialer.hurry();
    }

    /** The peer opened a connection for messages of a lane. On the event loop. */
    void useOpposite(Lane kind, Channel channel) {
        lane(kind).useOpposite(channel);
    }

    /** Such a connection has ended. On the event loop. */
    void oppositeEnded(Lane kind, Channel channel) {
        lane(kind).oppositeEnded(channel);
    }

    /** Such a connection takes more. On the event loop. */
    void oppositeWritable(Lane kind) {
        lane(kind).oppositeWritable();
    }

    private MessageLane lane(Lane kind) {
        return kind == Lane.LOG ? append : control;
    }

    /** Queues a message; {@link #flush} must follow. */
    void offer(Message message) {
        lane(Lane.of(message)).offer(message);
    }

    void flush() {
        control.flush();
        append.flush();
    }

    CompletableFuture<byte[]> call(int method, byte[] request, Duration timeout) {
        return calls.call(method, request, timeout);
    }

    /** One more lane to the peer. */
    Dialer.Side side(long peer, Lane lane) {
        return new Dialer.Side(peer, lane, reach, counters);
    }

    PeerCounters counters() {
        return counters;
    }

    /** What the peer's program called itself when it was last met; null before. */
    @Nullable
    String version() {
        return controlDialer.version();
    }

    /** Whether the lane of log entries has a connection, whichever side opened it. */
    boolean takesProposals() {
        return append.hasWay();
    }

    /** Since when the peer can be dialled, on the monotonic clock; 0 while they do not. */
    long activeSinceNanos() {
        return control.readySinceNanos();
    }
}
