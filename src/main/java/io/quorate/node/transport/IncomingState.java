package io.quorate.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * One state on its way in: the event loop hands over frames, a thread of its own writes them. While frames wait, the
 * connection is not read, so the sender goes no faster than this disk. Each file is checked against its sum and synced.
 */
@Slf4j
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the connection, which is noticed
final class IncomingState implements PeerServer.LaneHandler, Runnable {

    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,100}");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final long from;
    private final Channel channel;
    private final StateReceiver receiver;
    private final PeerCounters counters;
    private final LinkedBlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    private volatile boolean ended;

    // The writing thread's.
    private final CRC32C crc = new CRC32C();
    private @Nullable Message announcement;
    private @Nullable FileChannel file;
    private long missingBytes;
    private int files;
    private boolean complete;

    IncomingState(long from, Channel channel, StateReceiver receiver, PeerCounters counters) {
        this.from = from;
        this.channel = channel;
        this.receiver = receiver;
        this.counters = counters;
    }

    @Override
    public void frame(Frame frame) {
        if (ended) {
            frame.body().release();
            return;
        }
        channel.config().setAutoRead(false);
        frames.add(frame);
    }

    @Override
    public void ended() {
        ended = true;
    }

    @Override
    public void run() {
        Path folder = receiver.newFolder();
        counters.snapshotReceives.started();
        try {
            Files.createDirectories(folder);
            while (!complete) {
                write(next(), folder);
                channel.config().setAutoRead(true);
            }
            if (announcement == null) {
                throw new MalformedFrameException("a state that was not announced");
            }
            receiver.arrived(announcement, folder);
            channel.writeAndFlush(Frame.write(channel.alloc(), FrameType.SNAPSHOT_DONE, 0, body -> {}));
            counters.snapshotReceives.ended(true);
        } catch (IOException | RuntimeException e) { // whatever it is: the sender tries again, nothing was changed here
            log.warn("the state of member {} was not received: {}", Long.toHexString(from), e.toString());
            counters.snapshotReceives.ended(false);
            channel.close();
            closeQuietly();
            receiver.discard(folder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            channel.close();
        } finally {
            ended = true;
            frames.forEach(frame -> frame.body().release());
        }
    }

    private Frame next() throws InterruptedException, IOException {
        for (long waited = 0; waited < PATIENCE.toSeconds(); waited++) {
            Frame frame = frames.poll(1, TimeUnit.SECONDS);
            if (frame != null) {
                return frame;
            }
            if (ended) {
                throw new IOException("the connection ended");
            }
        }
        throw new IOException("nothing came for " + PATIENCE.toSeconds() + " s");
    }

    private void write(Frame frame, Path folder) throws IOException {
        ByteBuf body = frame.body();
        try {
            switch (frame.type()) {
                case SNAPSHOT_BEGIN -> announcement = announcement(body);
                case FILE_BEGIN -> begin(body, folder);
                case FILE_BYTES -> append(body);
                case FILE_END -> end(body.readInt());
                case SNAPSHOT_END -> {
                    int expected = body.readInt();
                    if (expected != files || file != null) {
                        throw new MalformedFrameException("a state of " + expected + " files, " + files + " came");
                    }
                    complete = true;
                }
                default -> throw new MalformedFrameException("a frame " + frame.type() + " in a state");
            }
        } finally {
            body.release();
        }
    }

    private Message announcement(ByteBuf body) {
        Message message = MessageCodec.read(body);
        if (message.type() != MessageType.SNAP || message.snapshot() == null || message.from() != from) {
            throw new MalformedFrameException("a state announced by " + message.type());
        }
        return message;
    }

    private void begin(ByteBuf body, Path folder) throws IOException {
        String name = new String(MessageCodec.readBytes(body), StandardCharsets.UTF_8);
        missingBytes = body.readLong();
        if (!FILE_NAME.matcher(name).matches() || file != null) {
            throw new MalformedFrameException("a file '" + name + "' at the wrong place");
        }
        file = FileChannel.open(folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        crc.reset();
    }

    private void append(ByteBuf body) throws IOException {
        FileChannel open = open();
        missingBytes -= body.readableBytes();
        if (missingBytes < 0) {
            throw new MalformedFrameException("a file longer than announced");
        }
        crc.update(body.nioBuffer());
        while (body.isReadable()) {
            body.readBytes(open, body.readableBytes());
        }
    }

    private void end(int expected) throws IOException {
        FileChannel open = open();
        if (missingBytes != 0 || (int) crc.getValue() != expected) {
            throw new MalformedFrameException("a file that differs from what was sent");
        }
        open.force(true);
        open.close();
        file = null;
        files++;
    }

    private FileChannel open() {
        FileChannel open = file;
        if (open == null) {
            throw new MalformedFrameException("bytes of no file");
        }
        return open;
    }

    private void closeQuietly() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            log.debug("closing a file that is deleted anyway: {}", e.getMessage());
        }
    }
}
