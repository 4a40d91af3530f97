package io.quorate.api.port;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Letters without end, which a test can hold up or break. */
final class FakeLargeAnswer implements StreamedAnswer {

    private static final int LETTERS = 26;

    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    volatile boolean reading;
    volatile @Nullable RuntimeException failure;
    volatile int missing;
    volatile Pace pace = new Pace(Duration.ofMinutes(10), 1);
    private final int bytes;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile Runnable revoked = () -> {};
    private int sent;

    FakeLargeAnswer(int bytes) {
        this.bytes = bytes;
    }

    void pause() {
        gate = new CountDownLatch(1);
    }

    void goOn() {
        gate.countDown();
    }

    void revoke() {
        revoked.run();
    }

    private static byte letter(int position) {
        return (byte) ('a' + position % LETTERS);
    }

    String text() {
        StringBuilder text = new StringBuilder(bytes);
        for (int i = 0; i < bytes; i++) {
            text.append((char) letter(i));
        }
        return text.toString();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void read(ByteBuffer target) {
        reading = true;
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        reads.incrementAndGet();
        RuntimeException problem = failure;
        if (problem != null) {
            throw problem;
        }
        for (; sent < bytes - missing && target.hasRemaining(); sent++) {
            target.put(letter(sent));
        }
        reading = false;
    }

    @Override
    public Executor reader() {
        return task -> Thread.ofVirtual().start(task);
    }

    @Override
    public Pace pace() {
        return pace;
    }

    @Override
    public void whenRevoked(Runnable action) {
        revoked = action;
    }

    @Override
    public void close() {
        closed.incrementAndGet();
    }
}
