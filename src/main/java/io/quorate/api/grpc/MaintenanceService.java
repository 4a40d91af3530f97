package io.quorate.api.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quorate.apply.Headers;
import io.quorate.base.Buckets;
import io.quorate.base.Delays;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.maintenance.Defragmentation;
import io.quorate.maintenance.StoreHash;
import io.quorate.mvcc.HashKv;
import io.quorate.mvcc.MvccStore;
import io.quorate.proposal.Downgrades;
import io.quorate.proposal.LeadershipTransfer;
import io.quorate.proposal.ReadPool;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmResponse;
import io.quorate.proto.DefragmentRequest;
import io.quorate.proto.DefragmentResponse;
import io.quorate.proto.DowngradeRequest;
import io.quorate.proto.DowngradeResponse;
import io.quorate.proto.HashKVRequest;
import io.quorate.proto.HashKVResponse;
import io.quorate.proto.HashRequest;
import io.quorate.proto.HashResponse;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.MaintenanceGrpc;
import io.quorate.proto.MoveLeaderRequest;
import io.quorate.proto.MoveLeaderResponse;
import io.quorate.proto.ResponseHeader;
import io.quorate.proto.SnapshotRequest;
import io.quorate.proto.SnapshotResponse;
import io.quorate.proto.StatusRequest;
import io.quorate.proto.StatusResponse;
import io.quorate.storage.Database;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import lombok.RequiredArgsConstructor;

/**
 * etcd's Maintenance service. Alarms go through Raft, even reading them, so that the answer is up to date; everything else
 * is about this very member.
 */
@RequiredArgsConstructor
public final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {

    private final Access access;
    private final Supplier<StatusResponse> status;
    private final Cluster cluster;
    private final StoreOperations store;
    private final Headers headers;
    private final LongSupplier appliedTerm;
    private final ReadPool work;
    private final Times times;

    /** How leadership is transferred, how long that may take, and what changes the version of the cluster. */
    public record Cluster(LeadershipTransfer transfer, Duration timeout, Downgrades downgrades) {}

    /** The store, seen as a whole. */
    public record StoreOperations(
            Database database, StoreHash hash, MvccStore keys, Defragmentation defragmentation, Snapshots snapshots) {}

    /**
     * What all snapshots that clients take share.
     *
     * @param permits how many there may be at the same time
     * @param executor where reading may take its time
     * @param bytesPerSecond how fast each is sent; 0 for no limit
     */
    public record Snapshots(
            Semaphore permits, Executor executor, LongSupplier bytesPerSecond, Delays delays, MonotonicClock clock) {}

    /** Recorders of how many nanoseconds an operation took. */
    public record Times(LongConsumer hash, LongConsumer hashKv, LongConsumer defragmentation, LongConsumer snapshot) {

        /**
         * Publishes them.
         *
         * @param snapshot published already: together with the copies for other members
         */
        public static Times registeredWith(Meters meters, LongConsumer snapshot) {
            Buckets hashing = Buckets.seconds(10_000_000, 15);
            return new Times(
                    meters.distribution("etcd_mvcc_hash_duration_seconds", "Time of hashing the whole store.", hashing),
                    meters.distribution(
                            "etcd_mvcc_hash_rev_duration_seconds",
                            "Time of hashing the keys up to a revision.",
                            hashing),
                    meters.distribution(
                            "etcd_disk_backend_defrag_duration_seconds",
                            "Time of a rewrite of the store.",
                            Buckets.seconds(100_000_000, 13)),
                    snapshot);
        }
    }

    @Override
    public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> call) {
        Runnable proposal =
                () -> access.propose(InternalRaftRequest.newBuilder().setAlarm(request), call);
        if (request.getAction() == AlarmRequest.AlarmAction.GET) {
            access.user(call, proposal);
        } else {
            access.admin(call, proposal);
        }
    }

    /** The answer has no header, as in etcd. */
    @Override
    public void moveLeader(MoveLeaderRequest request, StreamObserver<MoveLeaderResponse> call) {
        access.admin(
                call,
                () -> Answers.send(
                        cluster.transfer()
                                .transfer(request.getTargetID(), cluster.timeout())
                                .thenApply(done -> MoveLeaderResponse.getDefaultInstance()),
                        call));
    }

    @Override
    public void downgrade(DowngradeRequest request, StreamObserver<DowngradeResponse> call) {
        access.admin(call, () -> permittedDowngrade(request, call));
    }

    private void permittedDowngrade(DowngradeRequest request, StreamObserver<DowngradeResponse> call) {
        CompletionStage<String> version = switch (request.getAction()) {
            case VALIDATE -> cluster.downgrades().validate(request.getVersion());
            case ENABLE -> cluster.downgrades().enable(request.getVersion());
            case CANCEL -> cluster.downgrades().cancel();
            case UNRECOGNIZED -> CompletableFuture.failedStage(new RequestException(RequestError.UNKNOWN_METHOD));
        };
        Answers.send(
                version.thenApply(agreed -> DowngradeResponse.newBuilder()
                        .setHeader(header(store.keys().currentRevision()))
                        .setVersion(agreed)
                        .build()),
                call);
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> call) {
        access.user(call, () -> Answers.compute(status, call));
    }

    @Override
    public void hash(HashRequest request, StreamObserver<HashResponse> call) {
        work(
                call,
                times.hash(),
                () -> HashResponse.newBuilder()
                        .setHash(store.hash().compute())
                        .setHeader(header(store.keys().currentRevision()))
                        .build());
    }

    @Override
    public void hashKV(HashKVRequest request, StreamObserver<HashKVResponse> call) {
        work(call, times.hashKv(), () -> {
            HashKv.Result result = store.keys().hashKv(request.getRevision());
            return HashKVResponse.newBuilder()
                    .setHeader(header(result.currentRevision()))
                    .setHash(result.hash())
                    .setCompactRevision(result.compactRevision())
                    .setHashRevision(result.hashRevision())
                    .build();
        });
    }

    /** The answer has no header, as etcd's. */
    @Override
    public void defragment(DefragmentRequest request, StreamObserver<DefragmentResponse> call) {
        work(call, times.defragmentation(), () -> {
            store.defragmentation().run();
            return DefragmentResponse.getDefaultInstance();
        });
    }

    /** The parts have no header, as in etcd. */
    @Override
    public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> call) {
        SnapshotCall snapshot = new SnapshotCall(
                (ServerCallStreamObserver<SnapshotResponse>) call,
                store.database(),
                store.snapshots(),
                times.snapshot());
        snapshot.attach();
        access.admin(call, () -> {
            if (store.keys().isLoading()) {
                Answers.fail(call, new RequestException(RequestError.LOADING));
            } else {
                snapshot.begin();
            }
        });
    }

    private ResponseHeader header(long revision) {
        return headers.of(revision, appliedTerm.getAsLong());
    }

    private <A> void work(StreamObserver<A> call, LongConsumer time, Supplier<A> job) {
        access.admin(call, () -> work.admit(() -> Answers.compute(() -> timed(time, job), call)));
    }

    private static <A> A timed(LongConsumer time, Supplier<A> job) {
        long started = System.nanoTime();
        A result = job.get();
        time.accept(System.nanoTime() - started);
        return result;
    }
}
