package io.quorate.api.web;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.quorate.api.port.MemoryBudget;
import io.quorate.base.Stages;
import io.quorate.proto.MaintenanceGrpc;
import io.quorate.proto.SnapshotRequest;
import io.quorate.proto.SnapshotResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot on its way to a client of HTTP. Parts wait in a queue of {@link #QUEUE_BYTES} about, which the thread of the request writes out;
 * while it is full no further part is read from the store. It ends when the client leaves.
 */
final class SnapshotDownload implements InnerCall.Receiver<SnapshotResponse>, AutoCloseable {

    static final int QUEUE_BYTES = 256 * 1024;

    /** What it takes: the queue, a part that is on its way there, its connection to Tomcat. */
    private static final long OPEN_BYTES = 2L * QUEUE_BYTES;

    /** Behind the file of the snapshot stands its checksum, SHA-256, which the first part does not count. */
    private static final int CHECKSUM_BYTES = 32;

    private final MemoryBudget memory;
    private final InnerCall<SnapshotRequest, SnapshotResponse> call;
    private final LinkedBlockingQueue<Step> steps = new LinkedBlockingQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();

    /** A part, or the end. */
    private record Step(
            @Nullable SnapshotResponse part, @Nullable Status end) {}

    private SnapshotDownload(Services services, RestCaller caller) {
        this.memory = services.memory();
        this.call = services.call(MaintenanceGrpc.getSnapshotMethod(), caller, this);
    }

    /**
     * Begins one.
     *
     * @param gone completes when the client leaves
     * @throws Problem if there is no memory for it
     */
    static SnapshotDownload begin(Services services, RestCaller caller, CompletionStage<Boolean> gone) {
        if (!services.memory().holdLasting(OPEN_BYTES)) {
            throw Problem.unavailable("no memory for another stream");
        }
        SnapshotDownload download;
        try {
            download = new SnapshotDownload(services, caller);
        } catch (RuntimeException | Error e) {
            services.memory().releaseLasting(OPEN_BYTES);
            throw e;
        }
        Stages.whenDone("a client that left", gone, (left, failure) -> download.call.cancel());
        return download;
    }

    /**
     * The first part.
     *
     * @throws Problem with what the service says, if it refuses
     */
    SnapshotResponse first() throws InterruptedException {
        try {
            call.start();
            call.send(SnapshotRequest.getDefaultInstance());
            call.endRequests();
        } catch (RejectedExecutionException e) {
            throw Problem.unavailable("the member is stopping");
        }
        Step step = steps.take();
        SnapshotResponse part = step.part();
        if (part == null) {
            throw Problem.of(step.end() == null || step.end().isOk() ? Status.UNAVAILABLE : step.end());
        }
        return part;
    }

    /** How long all of it is. */
    static long length(SnapshotResponse first) {
        return first.getBlob().size() + first.getRemainingBytes() + CHECKSUM_BYTES;
    }

    /**
     * Writes all of it. Each part waits for what comes behind it, so that the last one leaves when the call has ended: a client that has the
     * last byte is gone, which would cancel the call.
     *
     * @throws IOException if the client has left, or the snapshot broke off, of which the client then has only a part
     */
    void write(SnapshotResponse first, OutputStream to) throws IOException, InterruptedException {
        SnapshotResponse part = first;
        while (part != null) {
            SnapshotResponse following = next();
            ByteString blob = part.getBlob();
            blob.writeTo(to);
            taken(blob.size());
            part = following;
        }
    }

    private void taken(int bytes) {
        long before = queuedBytes.getAndAdd(-bytes);
        if (before >= QUEUE_BYTES && before - bytes < QUEUE_BYTES) {
            call.ready();
        }
    }

    private @Nullable SnapshotResponse next() throws IOException, InterruptedException {
        Step step = steps.take();
        Status end = step.end();
        if (end != null && !end.isOk()) {
            throw new IOException("the snapshot broke off: " + end.getDescription());
        }
        return step.part();
    }

    @Override
    public void answer(SnapshotResponse part) {
        queuedBytes.addAndGet(part.getBlob().size());
        steps.add(new Step(part, null));
    }

    @Override
    public void end(Status status) {
        steps.add(new Step(null, status));
    }

    @Override
    public boolean isReady() {
        return queuedBytes.get() < QUEUE_BYTES;
    }

    @Override
    public void close() {
        call.cancel();
        memory.releaseLasting(OPEN_BYTES);
    }
}
