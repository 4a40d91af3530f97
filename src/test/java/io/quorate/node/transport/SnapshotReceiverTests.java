package io.quorate.node.transport;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.quorate.node.wal.Disk;
import io.quorate.node.wal.MemoryDisk;
import io.quorate.raft.ConfState;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A state as its frames come in, on a disk that knows what is durable. */
class SnapshotReceiverTests {

    private static final long SENDER = 2;
    private static final Path FOLDER = Path.of("/states/1.part");

    private final MemoryDisk disk = new MemoryDisk();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final PeerCounters counters = new PeerCounters();
    private final Receiver receiver = new Receiver();
    private CompletableFuture<@Nullable PartialSnapshot> before = CompletableFuture.completedFuture(null);

    private final class Receiver implements SnapshotSink {

        private final List<Path> arrived = new ArrayList<>();
        private final List<Path> discarded = new ArrayList<>();
        private @Nullable MemoryDisk left;

        @Override
        public Disk disk() {
            return disk;
        }

        @Override
        public Path newFolder() {
            return FOLDER;
        }

        /** Like production, syncs the names in the folder; the bytes must be durable by then. */
        @Override
        public void arrived(Message announcement, Path folder) throws IOException {
            disk.syncDirectory(folder);
            arrived.add(folder);
            left = disk.copy();
        }

        @Override
        public void discard(Path folder) {
            discarded.add(folder);
        }
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static Frame frame(FrameType type, Consumer<ByteBuf> body) {
        ByteBuf bytes = Unpooled.buffer();
        body.accept(bytes);
        return new Frame(type, bytes);
    }

    private static Frame begin(long copy) {
        Message announcement = Message.builder()
                .type(MessageType.SNAP)
                .from(SENDER)
                .to(1)
                .term(3)
                .snapshot(new Snapshot(30, 3, ConfState.ofVoters(List.of(1L, 2L)), new byte[0]))
                .build();
        return frame(FrameType.SNAPSHOT_BEGIN, body -> {
            body.writeLong(copy);
            MessageCodec.write(announcement, body);
        });
    }

    private static Frame fileBegin(String name, long size) {
        return frame(FrameType.FILE_BEGIN, body -> {
            MessageCodec.writeBytes(name.getBytes(StandardCharsets.UTF_8), body);
            body.writeLong(size);
        });
    }

    private static Frame bytes(byte[] content) {
        return frame(FrameType.FILE_BYTES, body -> body.writeBytes(content));
    }

    private static Frame fileEnd(int crc) {
        return frame(FrameType.FILE_END, body -> body.writeInt(crc));
    }

    private static Frame end(int files) {
        return frame(FrameType.SNAPSHOT_END, body -> body.writeInt(files));
    }

    private static int crc(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return (int) crc.getValue();
    }

    private static byte[] content(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<Frame> file(String name, String text) {
        byte[] content = content(text);
        int half = content.length / 2;
        return List.of(
                fileBegin(name, content.length),
                bytes(Arrays.copyOf(content, half)),
                bytes(Arrays.copyOfRange(content, half, content.length)),
                fileEnd(crc(content)));
    }

    /** Takes in all frames, and then the end of the connection; tells what is left for the next one. */
    private @Nullable PartialSnapshot receive(List<Frame> frames) {
        SnapshotReceiver incoming = new SnapshotReceiver(SENDER, channel, receiver, counters, before);
        frames.forEach(incoming::frame);
        incoming.ended();
        incoming.run();
        return incoming.rest().join();
    }

    private static List<Frame> frames(Object... parts) {
        List<Frame> all = new ArrayList<>();
        for (Object part : parts) {
            if (part instanceof Frame single) {
                all.add(single);
            } else {
                ((List<?>) part).forEach(each -> all.add((Frame) each));
            }
        }
        return all;
    }

    private void assertGivenUp() {
        assertThat(receiver.arrived).isEmpty();
        assertThat(receiver.discarded).containsExactly(FOLDER);
        assertThat(counters.snapshotReceives().succeeded()).isZero();
        assertThat(channel.isOpen()).isFalse();
    }

    /** The log notes the snapshot next; what is lost then is lost for good. */
    @Test
    void receiveWhenWholeHasEveryByteOnTheDisk() {
        receive(frames(begin(1), file("1.sst", "first file"), file("2.sst", "second"), end(2)));
        assertThat(receiver.arrived).containsExactly(FOLDER);
        MemoryDisk left = present(receiver.left);
        assertThat(left.bytes(FOLDER.resolve("1.sst"))).isEqualTo(content("first file"));
        assertThat(left.bytes(FOLDER.resolve("2.sst"))).isEqualTo(content("second"));
        assertThat(counters.snapshotReceives().succeeded()).isEqualTo(1);
    }

    @Test
    void receiveWhenAFileDiffersFromItsSumIsGivenUp() {
        byte[] sent = content("first file");
        byte[] came = sent.clone();
        came[3] ^= 1;
        receive(frames(begin(1), fileBegin("1.sst", came.length), bytes(came), fileEnd(crc(sent)), end(1)));
        assertGivenUp();
    }

    @Test
    void receiveWhenAFileIsShorterThanAnnouncedIsGivenUp() {
        byte[] content = content("short");
        receive(frames(begin(1), fileBegin("1.sst", 6), bytes(content), fileEnd(crc(content)), end(1)));
        assertGivenUp();
    }

    @Test
    void receiveWhenAFileIsLongerThanAnnouncedIsGivenUp() {
        byte[] content = content("longer");
        receive(frames(begin(1), fileBegin("1.sst", 5), bytes(content), fileEnd(crc(content)), end(1)));
        assertGivenUp();
    }

    @Test
    void receiveWhenAFileIsMissingIsGivenUp() {
        receive(frames(begin(1), file("1.sst", "first file"), end(2)));
        assertGivenUp();
    }

    @Test
    void receiveWhenANameLeadsOutOfTheFolderIsGivenUp() {
        receive(frames(begin(1), file("../1.sst", "first file"), end(1)));
        assertGivenUp();
    }

    @Test
    void receiveWhenAFileComesTwiceIsGivenUp() {
        receive(frames(begin(1), file("1.sst", "first file"), file("1.sst", "another"), end(1)));
        assertGivenUp();
    }

    @Test
    void receiveWhenNothingWasAnnouncedIsGivenUp() {
        receive(frames(file("1.sst", "first file"), end(1)));
        assertThat(receiver.arrived).isEmpty();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void receiveWhenTheConnectionEndsKeepsWholeFilesOnly() {
        PartialSnapshot left = present(
                receive(frames(begin(1), file("1.sst", "first file"), fileBegin("2.sst", 6), bytes(content("sec")))));
        assertThat(left.files()).containsExactly("1.sst");
        assertThat(disk.list(FOLDER)).containsExactly("1.sst");
        assertThat(receiver.discarded).isEmpty();
    }

    @Test
    void receiveWhenTheSameCopyGoesOnTakesTheFilesThatWereMissing() {
        before = CompletableFuture.completedFuture(
                receive(frames(begin(1), file("1.sst", "first file"), fileBegin("2.sst", 6))));
        receive(frames(begin(1), file("2.sst", "second"), end(2)));
        assertThat(receiver.arrived).containsExactly(FOLDER);
        assertThat(disk.bytes(FOLDER.resolve("1.sst"))).isEqualTo(content("first file"));
        assertThat(disk.bytes(FOLDER.resolve("2.sst"))).isEqualTo(content("second"));
    }

    @Test
    void receiveWhenAnotherCopyBeginsGivesUpTheFirst() {
        before = CompletableFuture.completedFuture(receive(frames(begin(1), file("1.sst", "first file"))));
        PartialSnapshot left = present(receive(frames(begin(2))));
        assertThat(receiver.discarded).containsExactly(FOLDER);
        assertThat(left.files()).isEmpty();
    }
}
