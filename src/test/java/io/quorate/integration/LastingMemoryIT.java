package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.quorate.fixture.Http1Transport;
import io.quorate.fixture.TestMember;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.LeaseGrpc;
import io.quorate.proto.LeaseKeepAliveRequest;
import io.quorate.proto.LeaseKeepAliveResponse;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import io.quorate.proto.v3electionpb.ElectionGrpc;
import io.quorate.proto.v3electionpb.LeaderRequest;
import io.quorate.proto.v3electionpb.LeaderResponse;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients keep for as long as they like is bounded: watchers, streams, and those who wait in recipes. */
class LastingMemoryIT {

    private static final long MEMORY_BYTES = 16_000_000;
    private static final int LARGE_BYTES = 100_000;

    private TestMember member;
    private ManagedChannel channel;

    @BeforeEach
    void start() {
        member = TestMember.create(Map.of("limits.client-memory", MEMORY_BYTES + "B"));
        assumeTrue(member.isQuorate(), "its memory is not bounded");
        member.start();
        channel = NettyChannelBuilder.forAddress(member.host(), member.clientPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        member.close();
    }

    /** What came, and the status of the end. */
    private static final class Answers<T> implements StreamObserver<T> {

        private final Queue<T> messages = new ConcurrentLinkedQueue<>();
        private final Queue<Status> end = new ConcurrentLinkedQueue<>();

        @Override
        public void onNext(T message) {
            messages.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            end.add(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end.add(Status.OK);
        }
    }

    private static WatchRequest create(ByteString key) {
        return WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder().setKey(key))
                .build();
    }

    private static ByteString large(int number) {
        return ByteString.copyFromUtf8("k" + number + "x".repeat(LARGE_BYTES));
    }

    @Test
    void watchWhenItsKeysAreMoreThanMemoryIsRefusedAndTheStreamLivesOn() {
        Answers<WatchResponse> answers = new Answers<>();
        StreamObserver<WatchRequest> stream = WatchGrpc.newStub(channel).watch(answers);
        int watchers = 200;
        for (int i = 0; i < watchers; i++) {
            stream.onNext(create(large(i)));
        }
        await().until(() -> answers.messages.size() == watchers);
        List<WatchResponse> refused =
                answers.messages.stream().filter(WatchResponse::getCanceled).toList();
        assertThat(refused).hasSizeBetween(watchers / 2, watchers - 20).allSatisfy(answer -> {
            assertThat(answer.getCreated()).isTrue();
            assertThat(answer.getWatchId()).isEqualTo(-1);
            assertThat(answer.getCancelReason()).isEqualTo("etcdserver: too many requests");
        });
        assertThat(refusals()).isEqualTo(refused.size());

        put("others", 1000);
        put(large(0).toStringUtf8(), 1); // the first watcher is there
        await().until(() -> answers.messages.stream().anyMatch(answer -> answer.getEventsCount() == 1));
        assertThat(answers.end).isEmpty();

        channel.shutdownNow();
        await("everything to be given back").until(() -> held() == 0);
    }

    @Test
    void observeWhenItsNamesAreMoreThanMemoryIsRefused() {
        AtomicInteger observers = new AtomicInteger();
        Answers<LeaderResponse> answers = new Answers<>();
        Context.CancellableContext context = Context.current().withCancellation();
        context.run(() -> {
            for (int i = 0; i < 200; i++) {
                ElectionGrpc.newStub(channel)
                        .observe(LeaderRequest.newBuilder().setName(large(i)).build(), answers);
                observers.incrementAndGet();
            }
        });
        await().until(() -> answers.end.size() > observers.get() / 2);
        assertThat(answers.end)
                .allSatisfy(status -> assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
        put("others", 1000);
        context.cancel(null);
        await("everything to be given back").until(() -> held() == 0);
    }

    @Test
    void streamsWhenTheyAreMoreThanMemoryAreRefused() {
        Answers<WatchResponse> answers = new Answers<>();
        int streams = 4000;
        for (int i = 0; i < streams; i++) {
            WatchGrpc.newStub(channel).watch(answers);
        }
        await().until(() -> answers.end.size() >= streams / 2);
        assertThat(answers.end)
                .allSatisfy(status -> assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
        put("others", 1000);
        channel.shutdownNow();
        await("everything to be given back").until(() -> held() == 0);
    }

    @Test
    void keepAliveWhenThereAreManyRequestsAnswersThemAll() {
        Answers<LeaseKeepAliveResponse> answers = new Answers<>();
        StreamObserver<LeaseKeepAliveRequest> stream =
                LeaseGrpc.newStub(channel).leaseKeepAlive(answers);
        int requests = 5000;
        for (int i = 0; i < requests; i++) {
            stream.onNext(LeaseKeepAliveRequest.newBuilder().setID(i + 1).build());
        }
        stream.onCompleted();
        await().until(() -> !answers.end.isEmpty());
        assertThat(answers.messages).hasSize(requests);
        assertThat(answers.messages.stream().map(LeaseKeepAliveResponse::getID)).isSorted();
        assertThat(answers.end).containsExactly(Status.OK);
    }

    private void put(String key, int bytes) {
        ManagedChannel own = NettyChannelBuilder.forAddress(member.host(), member.clientPort())
                .usePlaintext()
                .build();
        try {
            KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(own).withDeadlineAfter(1, TimeUnit.MINUTES);
            kv.put(PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8(key))
                    .setValue(ByteString.copyFrom(new byte[bytes]))
                    .build());
            assertThat(kv.range(RangeRequest.newBuilder()
                                    .setKey(ByteString.copyFromUtf8(key))
                                    .build())
                            .getKvsCount())
                    .isEqualTo(1);
        } finally {
            own.shutdownNow();
        }
    }

    private long held() {
        return metric("quorate_client_memory_held_bytes{account=\"messages\"} ");
    }

    private long refusals() {
        return metric("quorate_client_memory_refusals_total{account=\"messages\"} ");
    }

    private long metric(String name) {
        try (Http1Transport http = new Http1Transport(member.clientUrl())) {
            return http.send("GET", "/metrics", "")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length())))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
