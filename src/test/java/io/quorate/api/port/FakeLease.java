package io.quorate.api.port;

import io.grpc.stub.StreamObserver;
import io.quorate.proto.LeaseGrpc;
import io.quorate.proto.LeaseKeepAliveRequest;
import io.quorate.proto.LeaseKeepAliveResponse;

/** Renews every lease for ten seconds and ends the stream when the client does. */
public final class FakeLease extends LeaseGrpc.LeaseImplBase {

    @Override
    public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(StreamObserver<LeaseKeepAliveResponse> responses) {
        return new StreamObserver<>() {
            @Override
            public void onNext(LeaseKeepAliveRequest request) {
                responses.onNext(LeaseKeepAliveResponse.newBuilder()
                        .setID(request.getID())
                        .setTTL(10)
                        .build());
            }

            @Override
            public void onError(Throwable failure) {
                // the client is gone
            }

            @Override
            public void onCompleted() {
                responses.onCompleted();
            }
        };
    }
}
