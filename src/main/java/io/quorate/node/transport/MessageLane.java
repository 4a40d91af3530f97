package io.quorate.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.quorate.base.MonotonicClock;
import io.quorate.raft.Entry;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * One lane of messages to one peer. They wait as objects, which the log holds anyway, and are written only when the socket
 * takes more; what waits is bounded by bytes. Without a connection nothing waits.
 *
 * <p>While this member's own connection is down, the lane uses the one that the peer opened for the same lane, if there is
 * one: the peer may be listed with an address where nobody can reach it, and reach this member nevertheless.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the connection, which is noticed
final class MessageLane implements Dialer.User {

    private static final int QUEUE_CHUNK = 128;
    private static final int FRAME_BYTES_GOAL = 256 * 1024;
    private static final int PROPOSAL_BYTES_MAX = 1024 * 1024;
    private static final long REPORT_NANOS = Duration.ofMillis(100).toNanos();

    private final EventLoop loop;
    private final long queueBytesMax;
    private final PeerCounters counters;
    private final Runnable unreachable;
    private final Consumer<Frame> incoming;
    private final MpscUnboundedArrayQueue<Message> queue = new MpscUnboundedArrayQueue<>(QUEUE_CHUNK);
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicLong reportedNanos;
    private final MonotonicClock clock;
    /** The connection that this member opened. Written by the event loop. */
    private volatile @Nullable Channel channel;

    /** The connection that the peer opened. Written by the event loop. */
    private volatile @Nullable Channel opposite;

    /** Whether {@link #opposite} has taken messages, which are lost if it ends. On the event loop. */
    private boolean oppositeUsed;

    private volatile long readySinceNanos;

    /**
     * @param unreachable told at most every tenth of a second that something was lost
     * @param incoming frames that the peer sends on this connection, which happens while it knows no better way
     */
    MessageLane(
            EventLoop loop,
            long queueBytesMax,
            PeerCounters counters,
            Runnable unreachable,
            Consumer<Frame> incoming,
            MonotonicClock clock) {
        this.loop = loop;
        this.queueBytesMax = queueBytesMax;
        this.counters = counters;
        this.unreachable = unreachable;
        this.incoming = incoming;
        this.clock = clock;
        this.reportedNanos = new AtomicLong(clock.nanos() - REPORT_NANOS);
    }

    /** Queues a message or loses it; {@link #flush} must follow. */
    void offer(Message message) {
        if (!hasWay()) {
            lost(1);
            return;
        }
        long size = MessageCodec.sizeOf(message);
        if (message.type() == MessageType.PROP
                && size > PROPOSAL_BYTES_MAX
                && message.entries().size() > 1) {
            split(message).forEach(this::offer);
        } else if (queuedBytes.get() + size > queueBytesMax && !queue.isEmpty()) {
            lost(1);
        } else {
            queuedBytes.addAndGet(size);
            queue.offer(message);
        }
    }

    /** Proposals that were forwarded together need not arrive together. */
    private static List<Message> split(Message message) {
        List<Message> parts = new ArrayList<>();
        List<Entry> part = new ArrayList<>();
        long bytes = 0;
        for (Entry entry : message.entries()) {
            if (bytes + entry.data().length > PROPOSAL_BYTES_MAX / 2 && !part.isEmpty()) {
                parts.add(message.toBuilder().entries(List.copyOf(part)).build());
                part.clear();
                bytes = 0;
            }
            part.add(entry);
            bytes += entry.data().length;
        }
        parts.add(message.toBuilder().entries(List.copyOf(part)).build());
        return parts;
    }

    /** Sends what was queued. */
    void flush() {
        if (!queue.isEmpty() && scheduled.compareAndSet(false, true)) {
            loop.execute(this::drain);
        }
    }

    /** Whether there is a connection, whichever side opened it. */
    boolean hasWay() {
        return way() != null;
    }

    private @Nullable Channel way() {
        Channel own = channel;
        return own == null ? opposite : own;
    }

    /** The peer opened a connection for this lane. On the event loop. */
    void useOpposite(Channel opened) {
        if (oppositeUsed) { // by another one, which has ended or will
            oppositeUsed = false;
            unreachable.run();
        }
        opposite = opened;
        drain();
    }

    /** A connection that the peer opened has ended. On the event loop. */
    void oppositeEnded(Channel ended) {
        if (ended.equals(opposite)) {
            opposite = null;
            if (channel == null) {
                dropQueue();
            }
            if (channel == null || oppositeUsed) { // what it had taken is lost, whatever there is by now
                oppositeUsed = false;
                unreachable.run();
            }
        }
    }

    /** A connection that the peer opened takes more. On the event loop. */
    void oppositeWritable() {
        if (channel == null) {
            drain();
        }
    }

    /** Since when the peer can be dialled, on the monotonic clock; 0 while it cannot. */
    long readySinceNanos() {
        return readySinceNanos;
    }

    private void drain() {
        scheduled.set(false);
        Channel current = way();
        if (current == null) {
            dropQueue();
            return;
        }
        boolean written = false;
        oppositeUsed |= current.equals(opposite) && !queue.isEmpty();
        while (current.isWritable() && !queue.isEmpty()) {
            ByteBuf frame = Frame.write(current.alloc(), FrameType.MESSAGES, frameSize(), this::writeMessages);
            counters.sentBytes.add(frame.readableBytes());
            current.write(frame, current.voidPromise());
            written = true;
        }
        if (written) {
            current.flush();
        }
    }

    private int frameSize() {
        return (int) Math.min(FRAME_BYTES_GOAL, queuedBytes.get());
    }

    private void writeMessages(ByteBuf frame) {
        while (frame.readableBytes() < FRAME_BYTES_GOAL) {
            Message message = queue.poll();
            if (message == null) {
                return;
            }
            queuedBytes.addAndGet(-MessageCodec.sizeOf(message));
            MessageCodec.write(message, frame);
        }
    }

    private void dropQueue() {
        int dropped = 0;
        for (Message message = queue.poll(); message != null; message = queue.poll()) {
            queuedBytes.addAndGet(-MessageCodec.sizeOf(message));
            dropped++;
        }
        if (dropped > 0) {
            lost(dropped);
        }
    }

    private void lost(int count) {
        counters.sendFailures.add(count);
        long now = clock.nanos();
        long last = reportedNanos.get();
        if (now - last >= REPORT_NANOS && reportedNanos.compareAndSet(last, now)) {
            unreachable.run();
        }
    }

    // ---- the connection

    @Override
    public void ready(Channel connected) {
        channel = connected;
        readySinceNanos = clock.nanos() | 1; // never the 0 that means none
        drain();
    }

    @Override
    public void frame(Frame frame) {
        incoming.accept(frame);
    }

    @Override
    public void lost() {
        channel = null;
        readySinceNanos = 0;
        drain(); // the other way, or away
        unreachable.run();
    }

    @Override
    public void writable() {
        drain();
    }
}
