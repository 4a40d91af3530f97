package io.quorate.integration.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestMember;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Writers that write to an etcd until it refuses, and then to the cluster that takes over; each to keys of its own, so that it knows what
 * must be there.
 */
final class FollowLoad implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int KEYS = 40;

    private final TestMember source;
    private final TestMember target;
    private final List<Thread> writers = new ArrayList<>();
    private final Map<String, String> expected = new ConcurrentHashMap<>();
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong lastThere = new AtomicLong();
    private final AtomicLong firstHere = new AtomicLong(Long.MAX_VALUE);
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger over = new AtomicInteger();
    private volatile boolean stopped;

    FollowLoad(TestMember source, TestMember target, int count) {
        this.source = source;
        this.target = target;
        for (int i = 0; i < count; i++) {
            int number = i;
            writers.add(Thread.ofPlatform().unstarted(() -> write(number)));
        }
    }

    void start() {
        lastThere.set(System.nanoTime());
        writers.forEach(Thread::start);
    }

    private void write(int number) {
        try (GrpcConnection there = GrpcConnection.to(source);
                GrpcConnection here = GrpcConnection.to(target)) {
            boolean moved = false;
            for (int i = 0; !stopped; i++) {
                if (!moved && !attempt(there, number, i)) {
                    moved = true;
                }
                if (moved) {
                    while (!attempt(here, number, i) && !stopped) {
                        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                    }
                    if (!stopped) {
                        firstHere.accumulateAndGet(System.nanoTime(), Math::min);
                        over.incrementAndGet();
                    }
                } else {
                    lastThere.accumulateAndGet(System.nanoTime(), Math::max);
                }
                acknowledged.incrementAndGet();
            }
        } catch (RuntimeException e) {
            failures.add(e.toString());
        }
    }

    /** @return false if it was refused because the other cluster is in charge */
    private boolean attempt(GrpcConnection grpc, int number, int i) {
        String key = number + "/" + i % KEYS;
        try {
            switch (i % 7) {
                case 0 -> {
                    var unused = grpc.kv()
                            .deleteRange(DeleteRangeRequest.newBuilder()
                                    .setKey(bytes(key))
                                    .build());
                    expected.remove(key);
                }
                case 1 -> {
                    var unused = grpc.kv()
                            .txn(TxnRequest.newBuilder()
                                    .addSuccess(put(key, i))
                                    .addSuccess(put(key + "b", i))
                                    .build());
                    expected.put(key, "" + i);
                    expected.put(key + "b", "" + i);
                }
                default -> {
                    var unused = grpc.put(key, "" + i);
                    expected.put(key, "" + i);
                }
            }
            return true;
        } catch (StatusRuntimeException e) {
            String reason = String.valueOf(e.getStatus().getDescription());
            if (reason.contains("corrupt cluster") || reason.contains("quorate: this cluster follows")) {
                return false;
            }
            throw e;
        }
    }

    private static RequestOp put(String key, int i) {
        return RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes("" + i)))
                .build();
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    void awaitOverThere() {
        await().atMost(PATIENCE).until(() -> over.get() > writers.size() * KEYS || !failures.isEmpty());
    }

    void stop() {
        stopped = true;
        for (Thread writer : writers) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    int acknowledged() {
        return acknowledged.get();
    }

    /** From the last write that the etcd took to the first one that the cluster took. */
    Duration pause() {
        return Duration.ofNanos(firstHere.get() - lastThere.get());
    }

    /** Each key has what was acknowledged last. */
    void assertAllThere(GrpcConnection here) {
        assertThat(expected).isNotEmpty();
        expected.forEach((key, value) -> assertThat(here.get(key).getKvsList().stream()
                        .map(kv -> kv.getValue().toStringUtf8()))
                .as(key)
                .containsExactly(value));
    }

    @Override
    public void close() {
        stop();
    }
}
