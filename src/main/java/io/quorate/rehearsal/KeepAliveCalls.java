package io.quorate.rehearsal;

import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.quorate.proto.LeaseGrpc;
import io.quorate.proto.LeaseKeepAliveRequest;
import io.quorate.proto.LeaseKeepAliveResponse;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Renewals of leases on one stream. */
final class KeepAliveCalls implements AutoCloseable, StreamObserver<LeaseKeepAliveResponse> {

    private static final long ANSWER_SECONDS = 30;

    /** An answer, or what ended the stream. */
    private final BlockingQueue<Object> answers = new ArrayBlockingQueue<>(16);

    private final StreamObserver<LeaseKeepAliveRequest> requests;

    KeepAliveCalls(Channel member) {
        requests = LeaseGrpc.newStub(member).leaseKeepAlive(this);
    }

    /**
     * Renews a lease and waits for the answer.
     *
     * @throws IllegalStateException if there is none
     * @throws InterruptedException if the thread is interrupted
     */
    void renew(long lease) throws InterruptedException {
        requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(lease).build());
        Object answer = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
        if (!(answer instanceof LeaseKeepAliveResponse)) {
            throw new IllegalStateException("no answer to a keep-alive: " + answer);
        }
    }

    @Override
    public void onNext(LeaseKeepAliveResponse response) {
        answers.add(response);
    }

    @Override
    public void onError(Throwable cause) {
        answers.add(cause);
    }

    @Override
    public void onCompleted() {
        answers.add("ended by the member");
    }

    @Override
    public void close() {
        requests.onCompleted();
    }
}
