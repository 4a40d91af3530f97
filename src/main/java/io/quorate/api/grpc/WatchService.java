package io.quorate.api.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quorate.api.port.CallLoop;
import io.quorate.apply.Headers;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import io.quorate.watch.WatchHub;
import io.quorate.watch.WatchMemory;
import java.util.function.LongSupplier;
import lombok.RequiredArgsConstructor;

/** etcd's Watch service: one call is one stream of the watch engine, with any number of watchers. */
@RequiredArgsConstructor
public final class WatchService extends WatchGrpc.WatchImplBase {

    private final Access access;
    private final WatchHub hub;
    private final WatchMemory room;
    private final Headers headers;
    private final LongSupplier appliedTerm;
    private final Times times;

    /** Recorders of how long sending took, in nanoseconds. */
    public interface Times {

        void control(long nanos);

        void progress(long nanos);

        void events(int count, long nanos);
    }

    @Override
    public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> responses) {
        WatchCall call = new WatchCall(
                (ServerCallStreamObserver<WatchResponse>) responses,
                sink -> hub.open(sink, room),
                headers,
                appliedTerm,
                times,
                CallLoop.current(),
                access);
        call.start();
        return call;
    }
}
