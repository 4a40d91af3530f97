package io.quorate.rehearsal;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.quorate.proto.WatchCancelRequest;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.WatchProgressRequest;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Watchers on one stream: one that stays, others that come from the past and go. */
final class WatchCalls implements AutoCloseable, StreamObserver<WatchResponse> {

    private static final int LIFE_ROUNDS = 10;

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final StreamObserver<WatchRequest> requests;
    private long watchers;

    WatchCalls(Channel member) {
        requests = WatchGrpc.newStub(member).watch(this);
        create(0);
    }

    /** @throws IllegalStateException if the stream has ended */
    void round(int round) {
        Throwable ended = failure.get();
        if (ended != null) {
            throw new IllegalStateException("the stream of watches ended", ended);
        }
        requests.onNext(WatchRequest.newBuilder()
                .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                .build());
        if (round % LIFE_ROUNDS == 0) {
            create(1);
        } else if (round % LIFE_ROUNDS == LIFE_ROUNDS / 2) {
            requests.onNext(WatchRequest.newBuilder()
                    .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(watchers - 1))
                    .build());
        }
    }

    private void create(long revision) {
        requests.onNext(WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("/rehearsal/"))
                        .setRangeEnd(ByteString.copyFromUtf8("/rehearsal0"))
                        .setStartRevision(revision)
                        .setPrevKv(watchers % 2 == 0))
                .build());
        watchers++;
    }

    @Override
    public void onNext(WatchResponse response) {
        // events are taken, so that the member goes on sending
    }

    @Override
    public void onError(Throwable cause) {
        failure.set(cause);
    }

    @Override
    public void onCompleted() {
        failure.set(new IllegalStateException("ended by the member"));
    }

    @Override
    public void close() {
        requests.onCompleted();
    }
}
