package io.quorate.api.grpc;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.quorate.backup.StateSnapshot;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.membership.Versions;
import io.quorate.proto.SnapshotResponse;
import io.quorate.storage.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot on its way to a client, in parts of 32 KiB that are read as the client takes them (docs/etcd-v3.md, section 2.11). The
 * checksum is a part of its own, at the end.
 *
 * <p>Everything runs on one sequential executor: no two of its threads at the same time.
 */
final class SnapshotCall {

    private static final int PART_BYTES = 32 << 10;

    /** What may wait for the connection: with gRPC's 32 KiB, two threads wake each other for every part. */
    private static final int WAITING_BYTES = 8 * PART_BYTES;

    private static final Duration PACE = Duration.ofMillis(100);

    /** A client that takes nothing for so long loses the snapshot: few may be sent at a time, and each keeps what is overwritten. */
    static final Duration STALL = Duration.ofMinutes(1);

    private final ServerCallStreamObserver<SnapshotResponse> call;
    private final Database database;
    private final MaintenanceService.Snapshots snapshots;
    private final LongConsumer duration;
    private final Executor executor;
    private @Nullable StateSnapshot state;
    private boolean admitted;
    private boolean ended;
    private boolean paused;
    private long startNanos;
    private long remainingBefore;

    /** @param duration is told how many nanoseconds it took */
    SnapshotCall(
            ServerCallStreamObserver<SnapshotResponse> call,
            Database database,
            MaintenanceService.Snapshots snapshots,
            LongConsumer duration) {
        this.call = call;
        this.database = database;
        this.snapshots = snapshots;
        this.duration = duration;
        this.executor = MoreExecutors.newSequentialExecutor(snapshots.executor());
    }

    /** Lets the call go on whenever the client has room; called in the handler. */
    void attach() {
        call.setOnReadyThreshold(WAITING_BYTES);
        call.setOnCancelHandler(() -> executor.execute(this::end));
        call.setOnReadyHandler(() -> executor.execute(this::sendWhileReady));
    }

    /** Takes the state; the caller was found to be allowed to read it. */
    void begin() {
        executor.execute(() -> {
            if (call.isCancelled()) {
                return;
            }
            try {
                admit();
                StateSnapshot taken = StateSnapshot.of(database, () -> executor.execute(this::revoke));
                state = taken;
                watch(taken);
                sendWhileReady();
            } catch (RuntimeException | Error e) { // whatever it is, the caller gets an answer
                fail(e);
            }
        });
    }

    private void admit() {
        admitted = snapshots.permits().tryAcquire();
        if (!admitted) {
            throw new RequestException(RequestError.TOO_MANY_REQUESTS);
        }
        startNanos = snapshots.clock().nanos();
    }

    private void sendWhileReady() {
        try {
            while (state != null && !ended && !paused && call.isReady()) {
                sendPart(state);
            }
        } catch (IOException e) {
            fail(new UncheckedIOException(e));
        } catch (RuntimeException | Error e) { // whatever it is, the caller gets an answer
            fail(e);
        }
    }

    private void sendPart(StateSnapshot from) throws IOException {
        byte[] part = new byte[PART_BYTES];
        int length = from.read(part, 0, part.length);
        call.onNext(SnapshotResponse.newBuilder()
                .setRemainingBytes(Math.max(0, from.remaining() - from.checksumBytes()))
                .setBlob(UnsafeByteOperations.unsafeWrap(length == part.length ? part : Arrays.copyOf(part, length)))
                .setVersion(Versions.STORAGE)
                .build());
        if (from.remaining() == 0) {
            duration.accept(snapshots.clock().nanos() - startNanos);
            end();
            call.onCompleted();
        } else {
            pace(from);
        }
    }

    /** Pauses while more was sent than the rate allows. */
    private void pace(StateSnapshot from) {
        long rate = snapshots.bytesPerSecond().getAsLong();
        double allowed = rate * ((snapshots.clock().nanos() - startNanos) / 1e9 + PACE.toNanos() / 1e9);
        if (rate > 0 && from.size() - from.remaining() > allowed) {
            paused = true;
            snapshots
                    .delays()
                    .after(
                            PACE,
                            () -> executor.execute(() -> {
                                paused = false;
                                sendWhileReady();
                            }));
        }
    }

    private void watch(StateSnapshot from) {
        remainingBefore = from.remaining();
        snapshots.delays().after(STALL, () -> executor.execute(this::checkStall));
    }

    private void checkStall() {
        StateSnapshot from = state;
        if (from == null) {
            return;
        }
        boolean taken = from.remaining() < remainingBefore || paused || call.isReady();
        if (taken) {
            watch(from);
        } else {
            fail(Status.RESOURCE_EXHAUSTED
                    .withDescription("the client took nothing of the snapshot for " + STALL.toSeconds() + " seconds")
                    .asRuntimeException());
        }
    }

    private void revoke() {
        if (!ended) {
            fail(new RequestException(RequestError.STOPPED));
        }
    }

    private void fail(Throwable failure) {
        end();
        Answers.fail(call, failure);
    }

    private void end() {
        ended = true;
        StateSnapshot open = state;
        state = null;
        if (admitted) {
            admitted = false;
            snapshots.permits().release();
        }
        if (open != null) {
            close(open);
        }
    }

    private static void close(StateSnapshot open) {
        try {
            open.close();
        } catch (IOException e) {
            Stages.report("closing a snapshot", e);
        }
    }
}
