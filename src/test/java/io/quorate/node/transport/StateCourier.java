package io.quorate.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.quorate.raft.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Brings a state to a receiver in the frames of a connection, without one: what takes them in is the real thing. */
public final class StateCourier {

    private static final AtomicLong COPIES = new AtomicLong();

    private StateCourier() {}

    /**
     * All on this thread.
     *
     * @param damaged whether a bit of a file turns over on the way
     * @return whether the receiver took it
     */
    public static boolean bring(Message announcement, Path folder, SnapshotSink receiver, boolean damaged)
            throws IOException {
        EmbeddedChannel channel = new EmbeddedChannel();
        PeerCounters counters = new PeerCounters();
        SnapshotReceiver incoming = new SnapshotReceiver(
                announcement.from(), channel, receiver, counters, CompletableFuture.completedFuture(null));
        try {
            send(announcement, folder, incoming, damaged);
            incoming.ended();
            incoming.run();
        } finally {
            channel.finishAndReleaseAll();
        }
        return counters.snapshotReceives().succeeded() == 1;
    }

    private static void send(Message announcement, Path folder, SnapshotReceiver to, boolean damaged)
            throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(StateCourier::isNeeded).sorted().toList();
        }
        to.frame(frame(FrameType.SNAPSHOT_BEGIN, body -> {
            body.writeLong(COPIES.incrementAndGet());
            MessageCodec.write(announcement, body);
        }));
        boolean damage = damaged;
        for (Path file : files) {
            byte[] content = Files.readAllBytes(file);
            CRC32C crc = new CRC32C();
            crc.update(content);
            if (damage && content.length > 0) {
                content[content.length / 2] ^= 1;
                damage = false;
            }
            to.frame(frame(FrameType.FILE_BEGIN, body -> {
                MessageCodec.writeBytes(file.getFileName().toString().getBytes(StandardCharsets.UTF_8), body);
                body.writeLong(content.length);
            }));
            to.frame(frame(FrameType.FILE_BYTES, body -> body.writeBytes(content)));
            to.frame(frame(FrameType.FILE_END, body -> body.writeInt((int) crc.getValue())));
        }
        to.frame(frame(FrameType.SNAPSHOT_END, body -> body.writeInt(files.size())));
    }

    private static boolean isNeeded(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file) && !name.equals("LOCK") && !name.startsWith("LOG");
    }

    private static Frame frame(FrameType type, Consumer<ByteBuf> body) {
        ByteBuf bytes = Unpooled.buffer();
        body.accept(bytes);
        return new Frame(type, bytes);
    }
}
