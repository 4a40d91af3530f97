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
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * One state on its way out, on a thread of its own, no faster than allowed. Where a connection breaks, the next one goes on
 * with the files that the receiver does not have yet, as long as each brings at least one of them across.
 */
@Slf4j
final class SnapshotUpload implements Dialer.User, Runnable {

    private static final int CHUNK_BYTES = 256 * 1024;
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);

    /** The receiver syncs its last file and hands over; its event loop answers pings meanwhile. */
    private static final Duration END_PATIENCE = Duration.ofSeconds(60);

    private final Message announcement;
    private final Path folder;
    private final long bytesPerSecond;
    private final PeerCounters counters;
    private final CompletableFuture<Void> result;
    private final long copy = ThreadLocalRandom.current().nextLong();
    private final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();
    private volatile @Nullable Connection current;
    private long startedNanos;
    private long sentBytes;

    /** A connection and what the receiver answers over it. */
    private record Connection(Channel channel, CompletableFuture<Set<String>> present, CompletableFuture<Void> done) {

        Connection(Channel channel) {
            this(channel, new CompletableFuture<>(), new CompletableFuture<>());
        }

        void lost() {
            IOException cause = new LostConnectionException("the connection was lost");
            present.completeExceptionally(cause);
            done.completeExceptionally(cause);
        }
    }

    /**
     * @param bytesPerSecond at most so many on average; 0 for no limit
     */
    SnapshotUpload(
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
            deliver();
            counters.snapshotSends.ended(true);
            result.complete(null);
        } catch (IOException | RuntimeException e) {
            counters.snapshotSends.ended(false); // whatever it is, the leader tries again
            result.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            counters.snapshotSends.ended(false);
            result.completeExceptionally(e);
        }
    }

    private void deliver() throws IOException, InterruptedException {
        int before = -1;
        while (true) {
            Connection connection = connections.poll(CONNECT_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            if (connection == null) {
                throw new IOException("no connection within " + CONNECT_PATIENCE.toSeconds() + " s");
            }
            try {
                Set<String> present = announce(connection);
                if (present.size() <= before) {
                    throw new IOException("no further file came across over the last connection");
                }
                before = present.size();
                send(connection.channel(), present);
                await(connection.done(), END_PATIENCE);
                return;
            } catch (LostConnectionException e) {
                log.info(
                        "the snapshot for member {} continues on a new connection: {}",
                        Long.toHexString(announcement.to()),
                        e.getMessage());
            }
        }
    }

    private static <T> T await(CompletableFuture<T> answer, Duration patience)
            throws IOException, InterruptedException {
        try {
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new LostConnectionException("the connection was lost", e);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + patience.toSeconds() + " s", e);
        }
    }

    /** Names of the files that are across already. */
    private Set<String> announce(Connection connection) throws IOException, InterruptedException {
        startedNanos = System.nanoTime();
        sentBytes = 0;
        write(connection.channel(), FrameType.SNAPSHOT_BEGIN, body -> {
            body.writeLong(copy);
            MessageCodec.write(announcement, body);
        });
        return await(connection.present(), CONNECT_PATIENCE);
    }

    private void send(Channel channel, Set<String> present) throws IOException, InterruptedException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(SnapshotUpload::isNeeded).sorted().toList();
        }
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
        for (Path file : files) {
            if (!present.contains(file.getFileName().toString())) {
                send(channel, file, chunk);
            }
        }
        write(channel, FrameType.SNAPSHOT_END, body -> body.writeInt(files.size()));
    }

    /** The lock file and RocksDB's log of the opened copy are not part of it. */
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
            throw new LostConnectionException("the connection broke: " + written.cause(), written.cause());
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
        Connection connection = new Connection(channel);
        current = connection;
        connections.add(connection);
    }

    @Override
    public void frame(Frame frame) {
        Connection connection = current;
        try {
            if (connection != null && frame.type() == FrameType.SNAPSHOT_HAVE) {
                connection.present().complete(MessageCodec.readTexts(frame.body()));
            } else if (connection != null && frame.type() == FrameType.SNAPSHOT_DONE) {
                connection.done().complete(null);
            }
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedFrameException("a list of files that ends too early");
        } finally {
            frame.body().release();
        }
    }

    @Override
    public void lost() {
        Connection connection = current;
        if (connection != null) {
            connection.lost();
        }
    }
}
