package io.quorate.api.port;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.PutRequest;
import io.quorate.proto.PutResponse;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.ResponseHeader;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A key-value service without a store behind it: the last value of each key, answers at once. Special keys fail in the
 * ways that tests need.
 */
public final class FakeKv extends KVGrpc.KVImplBase {

    private final Map<ByteString, KeyValue> values = new ConcurrentHashMap<>();
    private final AtomicLong revision = new AtomicLong(1);

    /** What the next ranges are answered with, if their calls take it. */
    final Queue<StreamedAnswer> large = new ConcurrentLinkedQueue<>();

    /** Counted down when a call for the key {@code hang} is cancelled. */
    public final CountDownLatch cancelled = new CountDownLatch(1);

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> observer) {
        switch (request.getKey().toStringUtf8()) {
            case "" ->
                observer.onError(Status.INVALID_ARGUMENT
                        .withDescription("etcdserver: key is not provided")
                        .asRuntimeException());
            case "unauthenticated" ->
                observer.onError(Status.UNAUTHENTICATED
                        .withDescription("etcdserver: invalid auth token")
                        .asRuntimeException());
            case "throw" -> throw new IllegalStateException("secret detail");
            case "hang" -> Context.current().addListener(done -> cancelled.countDown(), Runnable::run);
            case "wait" -> ((ServerCallStreamObserver<PutResponse>) observer).setOnCancelHandler(cancelled::countDown);
            default -> store(request, observer);
        }
    }

    private void store(PutRequest request, StreamObserver<PutResponse> observer) {
        long now = revision.incrementAndGet();
        values.put(
                request.getKey(),
                KeyValue.newBuilder()
                        .setKey(request.getKey())
                        .setValue(request.getValue())
                        .setLease(request.getLease())
                        .setCreateRevision(now)
                        .setModRevision(now)
                        .setVersion(1)
                        .build());
        observer.onNext(PutResponse.newBuilder().setHeader(header(now)).build());
        observer.onCompleted();
    }

    @Override
    public void range(RangeRequest request, StreamObserver<RangeResponse> observer) {
        RangeResponse.Builder response = RangeResponse.newBuilder().setHeader(header(revision.get()));
        KeyValue found = values.get(request.getKey());
        if (found != null) {
            response.addKvs(found).setCount(1);
        }
        StreamedAnswer answer = large.poll();
        StreamedAnswerCall call = StreamedAnswerCall.of(observer);
        if (answer != null && call != null) {
            call.stream(answer);
        }
        observer.onNext(response.build());
        observer.onCompleted();
    }

    static ResponseHeader header(long revision) {
        return ResponseHeader.newBuilder()
                .setClusterId(-2)
                .setMemberId(7)
                .setRevision(revision)
                .setRaftTerm(3)
                .build();
    }
}
