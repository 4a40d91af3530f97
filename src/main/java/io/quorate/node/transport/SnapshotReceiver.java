package io.quorate.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.quorate.node.wal.DiskFile;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * One state on its way in: the event loop hands over frames, a thread of its own writes them. While frames wait, the
 * connection is not read, so the sender goes no faster than this disk. Each file is checked against its sum and synced; when
 * the connection breaks, whole files stay for the next one.
 */
@Slf4j
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the connection, which is noticed
final class SnapshotReceiver implements PeerServer.LaneHandler, Runnable {

    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,100}");
    private static final Frame NO_MORE = new Frame(FrameType.REFUSED, Unpooled.EMPTY_BUFFER);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final long from;
    private final Channel channel;
    private final SnapshotSink receiver;
    private final PeerCounters counters;
    private final CompletableFuture<@Nullable PartialSnapshot> before;
    private final CompletableFuture<@Nullable PartialSnapshot> rest = new CompletableFuture<>();
    private final LinkedBlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    private volatile boolean ended;

    // The writing thread's.
    private final CRC32C crc = new CRC32C();
    private @Nullable Message announcement;
    private @Nullable PartialSnapshot state;
    private @Nullable DiskFile file;
    private String fileName = "";
    private long writtenBytes;
    private long missingBytes;
    private boolean complete;

    /**
     * @param before what the transfer before this one leaves when it has ended; this one takes it over
     */
    SnapshotReceiver(
            long from,
            Channel channel,
            SnapshotSink receiver,
            PeerCounters counters,
            CompletableFuture<@Nullable PartialSnapshot> before) {
        this.from = from;
        this.channel = channel;
        this.receiver = receiver;
        this.counters = counters;
        this.before = before;
    }

    /** Completes when this transfer has ended, with what is left for another connection to go on with, if anything. */
    CompletableFuture<@Nullable PartialSnapshot> rest() {
        return rest;
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
        frames.add(NO_MORE);
    }

    @Override
    public void run() {
        counters.snapshotReceives.started();
        boolean arrived = false;
        PartialSnapshot left = null;
        try {
            receive();
            arrived = true;
        } catch (LostConnectionException e) {
            log.info("the snapshot of member {} arrived incomplete: {}", Long.toHexString(from), e.getMessage());
            left = wholeFiles();
        } catch (IOException | RuntimeException e) { // whatever it is: the sender tries again, nothing was changed here
            log.warn("the snapshot of member {} was not received: {}", Long.toHexString(from), e.toString());
            discard();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            discard();
        } finally {
            ended = true;
            frames.forEach(frame -> frame.body().release());
            counters.snapshotReceives.ended(arrived);
            if (!arrived) {
                channel.close();
            }
            rest.complete(left);
        }
    }

    private void receive() throws IOException, InterruptedException {
        PartialSnapshot old = before.join();
        if (old != null) {
            state = old; // until it is known to belong to another transfer
        }
        while (!complete) {
            write(next());
            channel.config().setAutoRead(true);
        }
        if (announcement == null) {
            throw new MalformedFrameException("a state that was not announced");
        }
        receiver.arrived(announcement, state().folder());
        channel.writeAndFlush(Frame.write(channel.alloc(), FrameType.SNAPSHOT_DONE, 0, body -> {}));
    }

    private PartialSnapshot state() {
        if (state == null) {
            throw new MalformedFrameException("files of a state that was not announced");
        }
        return state;
    }

    @SuppressWarnings("ReferenceEquality") // the one frame that never came over the wire
    private Frame next() throws InterruptedException, LostConnectionException {
        Frame frame = frames.poll(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        if (frame == null) {
            throw new LostConnectionException("nothing came for " + PATIENCE.toSeconds() + " s");
        }
        if (frame == NO_MORE) {
            throw new LostConnectionException("the connection ended");
        }
        return frame;
    }

    private void write(Frame frame) throws IOException {
        ByteBuf body = frame.body();
        try {
            switch (frame.type()) {
                case SNAPSHOT_BEGIN -> begin(body);
                case FILE_BEGIN -> beginFile(body);
                case FILE_BYTES -> append(body);
                case FILE_END -> end(body.readInt());
                case SNAPSHOT_END -> {
                    int expected = body.readInt();
                    int files = state().files().size();
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

    /** A state of which nothing is here begins in a new folder. */
    private void begin(ByteBuf body) throws IOException {
        long copy = body.readLong();
        announcement = announcement(body);
        PartialSnapshot old = state;
        if (old == null || !old.isOf(from, copy)) {
            discard();
            Path folder = receiver.newFolder();
            state = new PartialSnapshot(from, copy, folder, new LinkedHashSet<>());
            receiver.disk().createDirectories(folder);
        }
        Set<String> present = state().files();
        channel.writeAndFlush(Frame.write(
                channel.alloc(), FrameType.SNAPSHOT_HAVE, 256, answer -> MessageCodec.writeTexts(present, answer)));
    }

    private Message announcement(ByteBuf body) {
        Message message = MessageCodec.read(body);
        if (message.type() != MessageType.SNAP || message.snapshot() == null || message.from() != from) {
            throw new MalformedFrameException("a state announced by " + message.type());
        }
        return message;
    }

    private void beginFile(ByteBuf body) throws IOException {
        String name = new String(MessageCodec.readBytes(body), StandardCharsets.UTF_8);
        missingBytes = body.readLong();
        if (!FILE_NAME.matcher(name).matches() || file != null) {
            throw new MalformedFrameException("a file '" + name + "' at the wrong place");
        }
        Path folder = state().folder();
        if (receiver.disk().list(folder).contains(name)) {
            throw new IOException("there is a file '" + name + "' already");
        }
        file = receiver.disk().create(folder.resolve(name));
        fileName = name;
        writtenBytes = 0;
        crc.reset();
    }

    private void append(ByteBuf body) throws IOException {
        DiskFile open = open();
        int bytes = body.readableBytes();
        missingBytes -= bytes;
        if (missingBytes < 0) {
            throw new MalformedFrameException("a file longer than announced");
        }
        crc.update(body.nioBuffer());
        open.write(body.nioBuffer(), writtenBytes);
        writtenBytes += bytes;
    }

    private void end(int expected) throws IOException {
        DiskFile open = open();
        if (missingBytes != 0 || (int) crc.getValue() != expected) {
            throw new MalformedFrameException("a file that differs from what was sent");
        }
        long started = System.nanoTime();
        open.sync(true);
        receiver.synced(System.nanoTime() - started);
        open.close();
        file = null;
        state().files().add(fileName);
    }

    private DiskFile open() {
        DiskFile open = file;
        if (open == null) {
            throw new MalformedFrameException("bytes of no file");
        }
        return open;
    }

    /** What another connection can go on with: nothing if the file that had begun cannot be taken away. */
    private @Nullable PartialSnapshot wholeFiles() {
        closeQuietly();
        if (state == null) {
            return null;
        }
        try {
            if (file != null) {
                receiver.disk().delete(state.folder().resolve(fileName));
            }
            return state;
        } catch (IOException e) {
            log.warn("dropped an incomplete snapshot: {}", e.toString());
            discard();
            return null;
        }
    }

    private void discard() {
        closeQuietly();
        if (state != null) {
            receiver.discard(state.folder());
            state = null;
        }
    }

    private void closeQuietly() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            log.debug("closing a file before its deletion failed: {}", e.getMessage());
        }
    }
}
