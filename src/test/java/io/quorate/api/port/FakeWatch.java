package io.quorate.api.port;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/** Answers each create request at once and then says nothing, until the test sends something. */
public final class FakeWatch extends WatchGrpc.WatchImplBase {

    /** Where a test sends to. */
    public final BlockingQueue<StreamObserver<WatchResponse>> opened = new LinkedBlockingQueue<>();

    /** What happened to streams: {@code halfclosed}, {@code cancelled}. */
    public final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    /** Whether requests wait until the test asks for them. */
    public volatile boolean asksForNothing;

    /** Where the stream opened last came in. */
    public volatile Executor loop = Runnable::run;

    @Override
    public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> responses) {
        ((ServerCallStreamObserver<WatchResponse>) responses).setOnCancelHandler(() -> events.add("cancelled"));
        if (asksForNothing) {
            ((ServerCallStreamObserver<WatchResponse>) responses).disableAutoRequest();
        }
        loop = CallLoop.current();
        opened.add(responses);
        return new StreamObserver<>() {
            @Override
            public void onNext(WatchRequest request) {
                responses.onNext(WatchResponse.newBuilder()
                        .setHeader(FakeKv.header(5))
                        .setWatchId(request.getCreateRequest().getWatchId())
                        .setCreated(true)
                        .build());
            }

            @Override
            public void onError(Throwable failure) {
                events.add("failed");
            }

            @Override
            public void onCompleted() {
                events.add("halfclosed");
            }
        };
    }
}
