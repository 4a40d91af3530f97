package io.quorate.api.recipe;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.quorate.api.grpc.Access;
import io.quorate.api.grpc.Caller;
import io.quorate.api.grpc.KvService;
import io.quorate.api.grpc.LeaseService;
import io.quorate.apply.RangeQueries;
import io.quorate.base.KeyRange;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.DeleteRangeResponse;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseGrantResponse;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.TxnResponse;
import io.quorate.watch.WatchHub;
import io.quorate.watch.WatchMemory;
import io.quorate.watch.WatchSpec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/** What the recipes are made of: the calls of this very member, with all their checks. */
public final class LocalClient {

    private static final long LEASE_SECONDS = 60;

    private final KvService kv;
    private final LeaseService leases;
    private final WatchHub watches;
    private final WatchMemory room;
    private final Executor executor;
    private final Access access;
    private final Caller caller;

    /**
     * @param room accounts for the memory of calls that wait
     * @param executor delivers what is watched
     */
    public LocalClient(
            KvService kv, LeaseService leases, WatchHub watches, WatchMemory room, Executor executor, Access access) {
        this(kv, leases, watches, room, executor, access, Caller.ANONYMOUS);
    }

    private LocalClient(
            KvService kv,
            LeaseService leases,
            WatchHub watches,
            WatchMemory room,
            Executor executor,
            Access access,
            Caller caller) {
        this.kv = kv;
        this.leases = leases;
        this.watches = watches;
        this.room = room;
        this.executor = executor;
        this.access = access;
        this.caller = caller;
    }

    /** The same calls in the name of the caller that this thread works for. */
    LocalClient ofCaller() {
        return new LocalClient(kv, leases, watches, room, executor, access, Caller.current());
    }

    Executor executor() {
        return executor;
    }

    /** The lease itself, or a new one of a minute when none is given, which is not kept alive. */
    CompletableFuture<Long> lease(long id) {
        if (id != 0) {
            return CompletableFuture.completedFuture(id);
        }
        LeaseGrantRequest request =
                LeaseGrantRequest.newBuilder().setTTL(LEASE_SECONDS).build();
        return this.<LeaseGrantRequest, LeaseGrantResponse>call(leases::leaseGrant, request)
                .thenApply(LeaseGrantResponse::getID);
    }

    CompletableFuture<TxnResponse> txn(TxnRequest request) {
        return call(kv::txn, request);
    }

    CompletableFuture<RangeResponse> range(RangeRequest request) {
        return call(kv::range, request);
    }

    CompletableFuture<DeleteRangeResponse> delete(ByteString key) {
        return call(kv::deleteRange, DeleteRangeRequest.newBuilder().setKey(key).build());
    }

    /**
     * Watches keys from a revision on.
     *
     * @param rangeEnd as in a range request
     * @param listener is refused if the caller may not read them
     */
    KeyWatch watch(ByteString key, ByteString rangeEnd, long revision, KeyWatch.Listener listener) {
        KeyWatch watch = new KeyWatch(executor, listener);
        KeyRange range = RangeQueries.range(key, rangeEnd);
        access.identify(
                caller,
                identity -> {
                    access.rules().requireRead(identity, range);
                    watch.open(
                            watches,
                            room,
                            WatchSpec.builder()
                                    .range(range)
                                    .startRevision(revision)
                                    .build());
                },
                listener::refused);
        return watch;
    }

    private <Q, A> CompletableFuture<A> call(BiConsumer<Q, StreamObserver<A>> method, Q request) {
        Answer<A> answer = new Answer<>();
        caller.run(() -> method.accept(request, answer));
        return answer.result;
    }

    /** The one answer of a unary call. */
    private static final class Answer<A> implements StreamObserver<A> {

        private final CompletableFuture<A> result = new CompletableFuture<>();

        @Override
        public void onNext(A response) {
            result.complete(response);
        }

        @Override
        public void onError(Throwable failure) {
            result.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            // the answer has come
        }
    }
}
