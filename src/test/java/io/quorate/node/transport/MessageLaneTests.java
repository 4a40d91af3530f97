package io.quorate.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.quorate.base.MonotonicClock;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What waits for a peer that does not read, on a channel that the test holds. */
class MessageLaneTests {

    private static final int BYTES_MAX = 100_000;
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final PeerCounters counters = new PeerCounters();
    private final AtomicInteger unreachable = new AtomicInteger();
    private final MessageLane lane = new MessageLane(
            channel.eventLoop(),
            BYTES_MAX,
            counters,
            unreachable::incrementAndGet,
            frame -> frame.body().release(),
            MonotonicClock.SYSTEM);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static Message message(MessageType type, int... sizes) {
        List<Entry> entries = new ArrayList<>();
        for (int size : sizes) {
            entries.add(new Entry(1, entries.size() + 1, EntryType.NORMAL, new byte[size]));
        }
        return Message.builder()
                .type(type)
                .from(1)
                .to(2)
                .term(1)
                .entries(entries)
                .build();
    }

    private void stopReading() {
        lane.ready(channel);
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    }

    private void readAgain() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        lane.writable();
        channel.runPendingTasks();
    }

    private long sentBytes() {
        long bytes = 0;
        for (ByteBuf frame = channel.readOutbound(); frame != null; frame = channel.readOutbound()) {
            bytes += frame.readableBytes();
            frame.release();
        }
        return bytes;
    }

    private void offer(int count, Message message) {
        for (int i = 0; i < count; i++) {
            lane.offer(message);
            lane.flush();
        }
        channel.runPendingTasks();
    }

    /** A peer that hangs must not fill the memory of the one that sends. */
    @Test
    void offerWhenThePeerDoesNotReadKeepsNoMoreThanTheBytesAllowed() {
        stopReading();
        offer(50, message(MessageType.APP, 10_000));
        long kept = BYTES_MAX / MessageCodec.sizeOf(message(MessageType.APP, 10_000));
        assertThat(counters.sendFailures()).isEqualTo(50 - kept);
        assertThat(unreachable).hasPositiveValue();
        readAgain();
        assertThat(sentBytes()).isBetween(kept * 10_000, (long) BYTES_MAX + 1_000);
    }

    @Test
    void offerWhenRoomIsThereAgainTakesMessages() {
        stopReading();
        offer(50, message(MessageType.APP, 10_000));
        long lost = counters.sendFailures();
        readAgain();
        sentBytes();
        offer(5, message(MessageType.APP, 10_000));
        assertThat(counters.sendFailures()).isEqualTo(lost);
        assertThat(sentBytes()).isGreaterThan(50_000);
    }

    /** What the peer's connection took is lost with it, whatever other way there is by then. */
    @ParameterizedTest
    @EnumSource
    void oppositeWhenItEndsAfterMessagesIsALoss(OtherWay way) {
        EmbeddedChannel opposite = new EmbeddedChannel();
        lane.useOpposite(opposite);
        offer(1, message(MessageType.APP, 100));
        way.open.accept(lane, channel);
        lane.oppositeEnded(opposite);
        assertThat(unreachable).hasValue(1);
        opposite.finishAndReleaseAll();
    }

    /** How messages go after that. */
    private enum OtherWay {
        NONE((lane, channel) -> {}),
        OWN(MessageLane::ready),
        OPPOSITE_AGAIN(MessageLane::useOpposite);

        final BiConsumer<MessageLane, Channel> open;

        OtherWay(BiConsumer<MessageLane, Channel> open) {
            this.open = open;
        }
    }

    @Test
    void oppositeWhenItEndsUnusedIsNoLoss() {
        lane.ready(channel);
        EmbeddedChannel opposite = new EmbeddedChannel();
        lane.useOpposite(opposite);
        offer(1, message(MessageType.APP, 100));
        lane.oppositeEnded(opposite);
        assertThat(unreachable).hasValue(0);
        opposite.finishAndReleaseAll();
    }

    /** Else it could never be sent. */
    @Test
    void offerWhenOneMessageIsLargerThanAllowedTakesItAlone() {
        stopReading();
        offer(2, message(MessageType.APP, 2 * BYTES_MAX));
        assertThat(counters.sendFailures()).isEqualTo(1);
        readAgain();
        assertThat(sentBytes()).isGreaterThan(2 * BYTES_MAX);
    }

    @Test
    void offerWhenThereIsNoConnectionKeepsNothing() {
        offer(3, message(MessageType.APP, 10));
        assertThat(counters.sendFailures()).isEqualTo(3);
        lane.ready(channel);
        channel.runPendingTasks();
        assertThat(sentBytes()).isZero();
    }

    @Test
    void offerWhenProposalsOfManyAreForwardedSplitsThem() {
        lane.ready(channel);
        MessageLane wide = new MessageLane(
                channel.eventLoop(),
                Long.MAX_VALUE,
                counters,
                () -> {},
                frame -> frame.body().release(),
                MonotonicClock.SYSTEM);
        wide.ready(channel);
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        wide.offer(message(MessageType.PROP, 400_000, 400_000, 400_000));
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        for (int i = 0; i < 3; i++) {
            wide.writable(); // one frame fills the channel
            assertThat(sentBytes()).isBetween(400_000L, 500_000L);
        }
        wide.writable();
        assertThat(sentBytes()).isZero();
    }

    @Test
    void lostForgetsWhatWaitsAndSaysSo() {
        stopReading();
        assertThat(lane.readySinceNanos()).isNotZero();
        offer(3, message(MessageType.APP, 10));
        lane.lost();
        assertThat(lane.readySinceNanos()).isZero();
        assertThat(counters.sendFailures()).isEqualTo(3);
        assertThat(unreachable).hasPositiveValue();
        readAgain();
        assertThat(sentBytes()).isZero();
    }

    @Test
    void flushSendsInOrderAndTogether() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1 << 20, 1 << 21));
        lane.ready(channel);
        IntStream.range(0, 10).forEach(i -> lane.offer(message(MessageType.APP, 100)));
        lane.flush();
        channel.runPendingTasks();
        ByteBuf frame = channel.readOutbound();
        assertThat(frame.readableBytes()).isGreaterThan(1_000);
        frame.release();
        ByteBuf another = channel.readOutbound();
        assertThat(another).isNull();
    }
}
