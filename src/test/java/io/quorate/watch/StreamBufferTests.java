package io.quorate.watch;

import static io.quorate.fixture.Expected.untouched;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.base.KeyRange;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two messages of events and a hundred bytes fit. */
class StreamBufferTests {

    private static final long BYTES_MAX = 100;

    private final StreamBuffer buffer = new StreamBuffer(2, BYTES_MAX);

    private static Outgoing events(int bytes) {
        Event event = Event.newBuilder()
                .setKv(KeyValue.newBuilder().setValue(ByteString.copyFrom(new byte[bytes])))
                .build();
        int head = event.getSerializedSize() - bytes;
        Event exact = Event.newBuilder()
                .setKv(KeyValue.newBuilder().setValue(ByteString.copyFrom(new byte[bytes - head])))
                .build();
        assertThat(exact.getSerializedSize()).isEqualTo(bytes);
        Watcher watcher = new Watcher(
                untouched(), 1, WatchSpec.builder().range(KeyRange.ALL).build());
        return Outgoing.events(watcher, 2, List.of(exact));
    }

    private static Outgoing answer() {
        return Outgoing.answer(new WatchMessage.Created(1, 2));
    }

    @Test
    void offerWhenTheNumberIsReachedRefuses() {
        assertThat(buffer.offer(events(20))).isTrue();
        assertThat(buffer.offer(events(20))).isTrue();
        assertThat(buffer.offer(events(20))).isFalse();
    }

    @Test
    void offerWhenTheBytesAreReachedRefuses() {
        assertThat(buffer.offer(events(60))).isTrue();
        assertThat(buffer.offer(events(41))).isFalse();
        assertThat(buffer.offer(events(40))).isTrue();
    }

    /** It would never go out otherwise. */
    @Test
    void offerWhenOneIsLargerThanAllMayBeFitsAlone() {
        assertThat(buffer.offer(events(120))).isTrue();
        assertThat(buffer.offer(events(20))).isFalse();
    }

    /** A stream whose account were wrong would be full for ever. */
    @Test
    void pollWhenMessagesLeaveMakesRoomAgain() {
        for (int i = 0; i < 10; i++) {
            Outgoing first = events(60);
            assertThat(buffer.offer(first)).isTrue();
            assertThat(buffer.offer(events(40))).isTrue();
            assertThat(buffer.poll()).isSameAs(first);
            assertThat(buffer.offer(events(61))).isFalse();
            assertThat(buffer.poll()).isNotNull();
            assertThat(buffer.poll()).isNull();
        }
    }

    @Test
    void answerWhenItIsFullFitsAndCountsApart() {
        buffer.offer(events(60));
        buffer.offer(events(40));
        buffer.answer(answer());
        buffer.answer(answer());
        assertThat(buffer.answers()).isEqualTo(2);
        buffer.poll();
        buffer.poll();
        assertThat(buffer.answers()).isEqualTo(2);
        buffer.poll();
        assertThat(buffer.answers()).isEqualTo(1);
        assertThat(buffer.offer(events(100))).isTrue();
    }
}
