package io.quorate.integration.backup;

import io.grpc.StatusRuntimeException;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestMember;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;

/** Writes without a pause to the member that it is told, on a thread of its own, and notes which revisions were acknowledged, and when. */
final class NotedWriter implements AutoCloseable {

    private static final long REST_NANOS = Duration.ofMillis(5).toNanos();
    private static final int KEYS = 500;

    private final ConcurrentSkipListMap<Long, Long> acknowledged = new ConcurrentSkipListMap<>();
    private final Thread thread = Thread.ofPlatform().unstarted(this::write);
    private final SplittableRandom random;
    private volatile TestMember target;
    private volatile boolean stopped;

    NotedWriter(TestMember target, long seed) {
        this.target = target;
        this.random = new SplittableRandom(seed);
    }

    void start() {
        thread.start();
    }

    /** Writes there from now on. */
    void to(TestMember member) {
        target = member;
    }

    private void write() {
        int written = 0;
        while (!stopped) {
            TestMember member = target;
            try (GrpcConnection grpc = GrpcConnection.to(member)) {
                while (!stopped && member == target) {
                    String key = "noted/" + random.nextInt(KEYS);
                    long revision = grpc.put(key, "v".repeat(random.nextInt(400)) + written++)
                            .getHeader()
                            .getRevision();
                    acknowledged.put(revision, System.nanoTime());
                    LockSupport.parkNanos(REST_NANOS);
                }
            } catch (StatusRuntimeException killed) { // whether it was written is not known, so nothing is noted
                LockSupport.parkNanos(10 * REST_NANOS);
            }
        }
    }

    /** Acknowledged revisions, with the time of {@link System#nanoTime} when the answer was there. */
    NavigableMap<Long, Long> acknowledged() {
        return acknowledged;
    }

    /** The newest revision that was acknowledged before a time; 0 if there was none. */
    long newestBefore(long nanos) {
        return acknowledged.entrySet().stream()
                .filter(each -> each.getValue() - nanos < 0)
                .mapToLong(Map.Entry::getKey)
                .max()
                .orElse(0);
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
