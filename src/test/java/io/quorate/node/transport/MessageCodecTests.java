package io.quorate.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageCodecTests {

    private static final Message FULL = Message.builder()
            .type(MessageType.APP)
            .to(-5)
            .from(Long.MAX_VALUE)
            .term(3)
            .logTerm(2)
            .index(17)
            .commit(16)
            .vote(9)
            .reject(true)
            .rejectHint(12)
            .context(new byte[] {1, 2, 3})
            .entries(List.of(
                    new Entry(2, 18, EntryType.NORMAL, new byte[] {9}),
                    new Entry(3, 19, EntryType.CONF_CHANGE_V2, new byte[0])))
            .build();

    private static Message throughTheWire(Message message) {
        ByteBuf bytes = Unpooled.buffer();
        MessageCodec.write(message, bytes);
        Message read = MessageCodec.read(bytes);
        assertThat(bytes.isReadable()).isFalse();
        return read;
    }

    @Test
    void readWhenWrittenGivesTheSame() {
        assertThat(throughTheWire(FULL)).usingRecursiveComparison().isEqualTo(FULL);
    }

    @ParameterizedTest
    @EnumSource
    void readWhenOfAnyTypeGivesTheSame(MessageType type) {
        Message message = Message.builder().type(type).from(1).to(2).build();
        assertThat(throughTheWire(message)).usingRecursiveComparison().isEqualTo(message);
    }

    @Test
    void readWhenASnapshotIsAnnouncedGivesItsDescription() {
        ConfState configuration = new ConfState(List.of(1L, 2L), List.of(1L), List.of(3L), List.of(2L), true);
        Message message = Message.builder()
                .type(MessageType.SNAP)
                .snapshot(new Snapshot(40, 4, configuration, new byte[] {7}))
                .build();
        assertThat(throughTheWire(message)).usingRecursiveComparison().isEqualTo(message);
    }

    @Test
    void sizeOfWhenWithoutContextIsWhatIsWritten() {
        Message message = FULL.toBuilder().context(null).build();
        ByteBuf bytes = Unpooled.buffer();
        MessageCodec.write(message, bytes);
        assertThat(MessageCodec.sizeOf(message)).isEqualTo(bytes.readableBytes());
    }

    @Test
    void readWhenCutAnywhereIsRefused() {
        ByteBuf whole = Unpooled.buffer();
        MessageCodec.write(FULL, whole);
        for (int length = 0; length < whole.readableBytes(); length++) {
            ByteBuf cut = whole.slice(0, length);
            assertThatThrownBy(() -> MessageCodec.read(cut)).isInstanceOf(MalformedFrameException.class);
        }
    }

    @Test
    void readWhenAnyByteIsOtherGivesAMessageOrIsRefused() {
        ByteBuf whole = Unpooled.buffer();
        MessageCodec.write(FULL, whole);
        Random random = new Random(7);
        List<String> refused = new ArrayList<>();
        for (int round = 0; round < 20_000; round++) {
            ByteBuf other = whole.copy();
            other.setByte(random.nextInt(other.readableBytes()), random.nextInt(256));
            try {
                assertThat(MessageCodec.read(other)).isNotNull();
            } catch (MalformedFrameException e) {
                refused.add(e.getMessage());
            }
        }
        assertThat(refused).isNotEmpty();
    }
}
