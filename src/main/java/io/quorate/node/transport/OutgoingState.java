package io.quorate.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.quorate.raft.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** One state on its way out, on a thread of its own, no faster than allowed. */
final class OutgoingState implements Dialer.User, Runnable {

    private static final int CHUNK_BYTES = 256 * 1024;
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);

    /** The receiver syncs its last file and hands over; its event loop answers pings meanwhile. */
    private static final Duration END_PATIENCE = Duration.ofSeconds(60);

    private final Message announcement;
    private final Path folder;
    private final long bytesPerSecond;
    private final PeerCounters counters;
    private final CompletableFuture<Void> result;
    private final CompletableFuture<Channel> connected = new CompletableFuture<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private long startedNanos;
    private long sentBytes;

    /**
     * @param bytesPerSecond at most so many on average; 0 for no limit
     */
    OutgoingState(
            Message announcement,
            Path folder,
            long bytesPerSecond,
            PeerCounters counters,
            CompletableFuture<Void> result) {
        this.announcement = announcement;
        this.folder = folder;
        this.bytesPerSecond = bytesPerSecond;
        this.counters = counters;
        this.result = result;
    }

    @Override
    public void run() {
        counters.snapshotSends.started();
        try {
            send(connected.get(CONNECT_PATIENCE.toSeconds(), TimeUnit.SECONDS));
            done.get(END_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            counters.snapshotSends.ended(true);
            result.complete(null);
        } catch (IOException | ExecutionException | TimeoutException | RuntimeException e) {
            counters.snapshotSends.ended(false); // whatever it is, the leader tries again
            result.completeExceptionally(e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            counters.snapshotSends.ended(false);
            result.completeExceptionally(e);
        }
    }

    private void send(Channel channel) throws IOException, InterruptedException {
        startedNanos = System.nanoTime();
        write(channel, FrameType.SNAPSHOT_BEGIN, body -> MessageCodec.write(announcement, body));
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(OutgoingState::isNeeded).sorted().toList();
        }
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
        for (Path file : files) {
            send(channel, file, chunk);
        }
        write(channel, FrameType.SNAPSHOT_END, body -> body.writeInt(files.size()));
    }

    /** The lock and the diary of whoever opened the copy are not part of it. */
    private static boolean isNeeded(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file) && !name.equals("LOCK") && !name.startsWith("LOG");
    }

    private void send(Channel channel, Path path, ByteBuffer chunk) throws IOException, InterruptedException {
        byte[] name = path.getFileName().toString().getBytes(StandardCharsets.UTF_8);
        CRC32C crc = new CRC32C();
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = file.size();
            write(channel, FrameType.FILE_BEGIN, body -> {
                MessageCodec.writeBytes(name, body);
                body.writeLong(size);
            });
            for (long left = size; left > 0; left -= chunk.limit()) {
                chunk.clear().limit((int) Math.min(CHUNK_BYTES, left));
                while (chunk.hasRemaining()) {
                    if (file.read(chunk) < 0) {
                        throw new IOException(path + " became shorter while it was read");
                    }
                }
                chunk.flip();
                crc.update(chunk.duplicate());
                ByteBuf bytes = Unpooled.wrappedBuffer(chunk);
                write(channel, FrameType.FILE_BYTES, body -> body.writeBytes(bytes));
                slowDown();
            }
        }
        write(channel, FrameType.FILE_END, body -> body.writeInt((int) crc.getValue()));
    }

    /** Waits until the frame is with the system, so that never more than one is in memory. */
    private void write(Channel channel, FrameType type, Consumer<ByteBuf> body)
            throws IOException, InterruptedException {
        ByteBuf frame = Frame.write(channel.alloc(), type, CHUNK_BYTES / 16, body);
        int size = frame.readableBytes();
        var written = channel.writeAndFlush(frame).await();
        if (!written.isSuccess()) {
            throw new IOException("the connection broke: " + written.cause().getMessage(), written.cause());
        }
        sentBytes += size;
        counters.sentBytes.add(size);
    }

    private void slowDown() {
        if (bytesPerSecond > 0) {
            long due = startedNanos + (long) ((double) sentBytes / bytesPerSecond * 1e9);
            for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
                LockSupport.parkNanos(this, rest);
            }
        }
    }

    // ---- the connection, on the event loop

    @Override
    public void ready(Channel channel) {
        connected.complete(channel);
    }

    @Override
    public void frame(Frame frame) {
        frame.body().release();
        if (frame.type() == FrameType.SNAPSHOT_DONE) {
            done.complete(null);
        }
    }

    @Override
    public void lost() {
        done.completeExceptionally(new IOException("the connection was lost"));
    }
}
