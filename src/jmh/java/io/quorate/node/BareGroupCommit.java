package io.quorate.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** What a disk allows: all that wait are written and synced together, and the next of each client wait at once. */
final class BareGroupCommit implements Load {

    private static final int FRAME_BYTES = PAYLOAD_BYTES + 48;
    private static final long FILE_BYTES = 64L << 20;

    private final Completions completions = new Completions();
    private final FileChannel file;
    private final ByteBuffer bytes;
    private final long[] started;
    private final Thread writer;
    private volatile boolean closed;

    BareGroupCommit(Path directory, int inFlight) throws IOException {
        file = FileChannel.open(directory.resolve("control"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        for (long at = 0; at < FILE_BYTES; at += zeros.capacity()) {
            file.write(zeros.clear(), at);
        }
        file.force(true);
        bytes = ByteBuffer.allocateDirect(inFlight * FRAME_BYTES);
        started = new long[inFlight];
        Arrays.fill(started, System.nanoTime());
        writer = Thread.ofPlatform().name("group-commit").start(this::run);
    }

    private void run() {
        long position = 0;
        try (file) {
            while (!closed) {
                if (position + bytes.capacity() > FILE_BYTES) {
                    position = 0;
                }
                position += file.write(bytes.clear(), position);
                file.force(false);
                for (int i = 0; i < started.length; i++) {
                    completions.add(started[i]);
                    started[i] = System.nanoTime();
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public Completions completions() {
        return completions;
    }

    @Override
    public void close() {
        closed = true;
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
