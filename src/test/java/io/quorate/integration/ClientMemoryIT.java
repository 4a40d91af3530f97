package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.quorate.fixture.Http1Transport;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.v3electionpb.ElectionGrpc;
import io.quorate.proto.v3electionpb.LeaderRequest;
import io.quorate.proto.v3electionpb.LeaderResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A member with the memory of an image: everybody gets an answer, whatever some ask for. */
class ClientMemoryIT extends BoundedMemberCase {

    private static final int KEYS = 10_000;
    private static final int VALUE_BYTES = 15_000;
    private static final int CLIENTS = 100;
    private static final int PUT_BYTES = 1_450_000;
    private static final int OBSERVERS = 800;
    private static final int NAME_BYTES = 1_000_000;

    private static PutRequest put(String key, int bytes) {
        return PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFrom(new byte[bytes]))
                .build();
    }

    private static <T> List<T> all(int tasks, java.util.function.IntFunction<T> task) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> running = IntStream.range(0, tasks)
                    .mapToObj(number -> threads.submit(() -> task.apply(number)))
                    .toList();
            for (Future<T> one : running) {
                one.get();
            }
            return running.stream().map(Future::resultNow).toList();
        }
    }

    @Test
    void rangeWhenItIsLargerThanDirectMemoryIsAnswered() throws Exception {
        all(8, number -> {
            for (int i = number; i < KEYS; i += 8) {
                kv().put(put(String.format(Locale.ROOT, "list/%06d", i), VALUE_BYTES));
            }
            return number;
        });
        RangeRequest list = RangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("list/"))
                .setRangeEnd(ByteString.copyFromUtf8("list0"))
                .build();

        RangeResponse response = kv().range(list);

        assertThat(response.getKvsCount()).isEqualTo(KEYS);
        assertThat(response.getKvsList())
                .allSatisfy(record -> assertThat(record.getValue().size()).isEqualTo(VALUE_BYTES));
        assertThat(member.output()).doesNotContain("OutOfMemory");
        awaitNothingHeld();
    }

    @Test
    void putsWhenTheyAreMoreThanMemoryAreAnsweredOrRefused() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Map<Status.Code, Integer> innocent = new ConcurrentHashMap<>();
        Thread gets = Thread.ofVirtual().start(() -> {
            while (!over.get()) {
                innocent.merge(outcome(() -> kv().range(range("small"))), 1, Integer::sum);
            }
        });
        List<Status.Code> outcomes = all(CLIENTS, number -> {
            ManagedChannel own = connect();
            try {
                return outcome(() -> KVGrpc.newBlockingStub(own)
                        .withDeadlineAfter(5, TimeUnit.MINUTES)
                        .put(put("large/" + number % 5, PUT_BYTES)));
            } finally {
                own.shutdownNow();
            }
        });
        over.set(true);
        gets.join();

        assertThat(outcomes).contains(Status.Code.OK).isSubsetOf(Status.Code.OK, Status.Code.RESOURCE_EXHAUSTED);
        assertThat(innocent).containsOnlyKeys(Status.Code.OK);
        assertThat(member.output()).doesNotContain("OutOfMemory");
        awaitNothingHeld();
    }

    @Test
    void observeWhenItsNamesAreMoreThanMemoryEndsNobodyElsesConnection() throws Exception {
        List<ManagedChannel> greedy = List.of(connect(), connect(), connect());
        ByteString name = ByteString.copyFrom(new byte[NAME_BYTES]);
        Map<Status.Code, Integer> ends = new ConcurrentHashMap<>();
        for (int i = 0; i < OBSERVERS; i++) {
            LeaderRequest request = LeaderRequest.newBuilder()
                    .setName(ByteString.copyFromUtf8("o" + i).concat(name))
                    .build();
            ElectionGrpc.newStub(greedy.get(i % greedy.size())).observe(request, new StreamObserver<>() {
                @Override
                public void onNext(LeaderResponse leader) {
                    throw new AssertionError("there is no leader");
                }

                @Override
                public void onError(Throwable failure) {
                    ends.merge(Status.fromThrowable(failure).getCode(), 1, Integer::sum);
                }

                @Override
                public void onCompleted() {
                    throw new AssertionError("an observer is never done");
                }
            });
        }
        Map<Status.Code, Integer> innocent = new ConcurrentHashMap<>();
        await().alias("observers to end").atMost(2, TimeUnit.MINUTES).untilAsserted(() -> {
            innocent.merge(outcome(() -> kv().put(put("small", 100_000))), 1, Integer::sum);
            assertThat(ends.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThan(OBSERVERS / 2);
        });
        assertThat(ends).as(member.output()).containsOnlyKeys(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(innocent.keySet())
                .as("some have to wait for memory longer than they may")
                .contains(Status.Code.OK)
                .isSubsetOf(Status.Code.OK, Status.Code.RESOURCE_EXHAUSTED);
        greedy.forEach(ManagedChannel::shutdownNow);
        assertThat(member.output()).doesNotContain("OutOfMemory", "Cannot reserve");
        awaitNothingHeld();
    }

    private static RangeRequest range(String key) {
        return RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
    }

    private static Status.Code outcome(Runnable call) {
        try {
            call.run();
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    private void awaitNothingHeld() {
        try (Http1Transport http = new Http1Transport(member.clientUrl())) {
            await("memory to be given back")
                    .untilAsserted(
                            () -> assertThat(http.send("GET", "/metrics", "").body())
                                    .contains(
                                            "quorate_client_memory_held_bytes{account=\"messages\"} 0.0",
                                            "quorate_client_memory_held_bytes{account=\"buffers\"} 0.0"));
        }
    }
}
