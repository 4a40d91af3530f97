package io.quorate.integration.fault;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.StreamRecorder;
import io.quorate.integration.ledger.Attempt;
import io.quorate.integration.ledger.Ledger;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseKeepAliveRequest;
import io.quorate.proto.LeaseKeepAliveResponse;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds one lease after the other: attaches a key, keeps it alive a few times, reads the key meanwhile, and lets go. Each
 * call goes to another member.
 */
final class LeaseClient implements Runnable {

    static final Duration TTL = Duration.ofSeconds(5);

    private static final int MOST_RENEWALS = 4;
    private static final Duration CALL_LIMIT = Duration.ofMillis(Endpoints.CALL_MILLIS);

    private final Endpoints endpoints;
    private final Ledger ledger;
    private final Map<String, LeasePromise> promises;
    private final Random random;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** @param promises by key, for those who see keys go */
    LeaseClient(Endpoints endpoints, Ledger ledger, Map<String, LeasePromise> promises, long seed) {
        this.endpoints = endpoints;
        this.ledger = ledger;
        this.promises = promises;
        this.random = new Random(seed);
    }

    @Override
    public void run() {
        while (stopped.getCount() > 0) {
            try {
                holdLease();
            } catch (StatusRuntimeException refusal) {
                if (!Endpoints.isPassing(refusal)) {
                    ledger.complain("lease: " + refusal);
                }
                pause();
            }
        }
    }

    /** Ends soon, and leaves its last lease to itself. */
    void stop() {
        stopped.countDown();
    }

    private void pause() {
        try {
            boolean unused = stopped.await(TTL.toMillis() / 3, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
        }
    }

    private void holdLease() {
        long id = random.nextLong(1, Long.MAX_VALUE);
        String key = "lease/" + id;
        LeasePromise promise = new LeasePromise(key, TTL.toNanos(), System.nanoTime());
        long granted = Endpoints.lease(endpoints.any(random))
                .leaseGrant(LeaseGrantRequest.newBuilder()
                        .setID(id)
                        .setTTL(TTL.toSeconds())
                        .build())
                .getTTL();
        if (granted != TTL.toSeconds()) {
            ledger.complain(key + " was granted for " + granted + " s");
        }
        promises.put(key, promise);
        try {
            attach(id, key);
        } catch (StatusRuntimeException refusal) {
            if (refusal.getStatus().getCode() != Status.Code.NOT_FOUND) {
                throw refusal;
            }
            promise.gone(System.nanoTime());
            return;
        }
        for (int left = random.nextInt(MOST_RENEWALS + 1); left > 0 && stopped.getCount() > 0; left--) {
            pause();
            renew(id, promise);
            look(promise);
        }
    }

    private void attach(long id, String key) {
        Attempt unusedExpiry = ledger.add("expiry of " + key, List.of(Attempt.delete(key)));
        Attempt attempt = ledger.add(key, List.of(Attempt.put(key, "held")));
        long revision = Endpoints.kv(endpoints.any(random))
                .put(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFromUtf8("held"))
                        .setLease(id)
                        .build())
                .getHeader()
                .getRevision();
        ledger.acknowledge(attempt, revision);
    }

    private void renew(long id, LeasePromise promise) {
        GrpcConnection grpc = endpoints.any(random);
        StreamRecorder<LeaseKeepAliveResponse> answers = new StreamRecorder<>();
        StreamObserver<LeaseKeepAliveRequest> requests = grpc.leaseStreams()
                .withDeadlineAfter(Endpoints.CALL_MILLIS, TimeUnit.MILLISECONDS)
                .leaseKeepAlive(answers);
        long asked = System.nanoTime();
        requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
        requests.onCompleted();
        LeaseKeepAliveResponse answer = answers.next(CALL_LIMIT);
        if (answer == null) {
            return; // not heard
        }
        if (answer.getTTL() > 0) {
            promise.renewed(asked);
        } else {
            promise.gone(System.nanoTime());
        }
    }

    private void look(LeasePromise promise) {
        RangeRequest request = RangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(promise.key()))
                .build();
        RangeResponse response = Endpoints.kv(endpoints.any(random)).range(request);
        if (response.getCount() == 0) {
            promise.gone(System.nanoTime());
        }
    }
}
