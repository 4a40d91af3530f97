package io.quorate.bench;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.quorate.proto.Compare;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import io.quorate.proto.mvccpb.Event;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;

/**
 * Objects as Kubernetes' API server keeps them: each in a key, written and deleted by a transaction that compares the key's revision
 * of modification with the one known and reads the key if it differs; read in pages of 500, and watched with the previous values.
 * A value begins with the time of its write.
 */
final class StoredObjects {

    private static final String PREFIX = "registry/bench/";
    private static final int PAGE = 500;
    private static final long EVENT_SECONDS_MAX = 60;

    private final List<Channel> channels;
    private final byte[] filling;
    private final AtomicLongArray revisions; // of the last change of each; 0 for an object that is not there

    StoredObjects(List<Channel> channels, int objects, int valueBytes) {
        this.channels = channels;
        this.revisions = new AtomicLongArray(objects);
        this.filling = new byte[valueBytes];
        new SplittableRandom(1).nextBytes(filling);
    }

    /** Something that is done with the object of a number. */
    @FunctionalInterface
    interface Change {
        ListenableFuture<Void> make(int number);
    }

    /** Deletes it, if nobody changed it. */
    ListenableFuture<Void> delete(int number) {
        return change(
                number,
                RequestOp.newBuilder()
                        .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key(number)))
                        .build());
    }

    /** Creates it, or updates it if it was created, if nobody changed it. */
    ListenableFuture<Void> put(int number) {
        byte[] value = filling.clone();
        ByteBuffer.wrap(value).putLong(System.nanoTime());
        return change(
                number,
                RequestOp.newBuilder()
                        .setRequestPut(
                                PutRequest.newBuilder().setKey(key(number)).setValue(ByteString.copyFrom(value)))
                        .build());
    }

    private ListenableFuture<Void> change(int number, RequestOp success) {
        RequestOp read = RequestOp.newBuilder()
                .setRequestRange(RangeRequest.newBuilder().setKey(key(number)))
                .build();
        TxnRequest txn = TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setTarget(Compare.CompareTarget.MOD)
                        .setResult(Compare.CompareResult.EQUAL)
                        .setKey(key(number))
                        .setModRevision(revisions.get(number)))
                .addSuccess(success)
                .addFailure(read)
                .build();
        return Futures.transform(
                KVGrpc.newFutureStub(channel(number)).txn(txn),
                answer -> {
                    if (!answer.getSucceeded()) {
                        throw new IllegalStateException("object " + number + " was changed by somebody else");
                    }
                    revisions.set(number, answer.getHeader().getRevision());
                    return null;
                },
                MoreExecutors.directExecutor());
    }

    /** Reads all, page by page, of the first page's revision. */
    void list(int channel) {
        KVGrpc.KVBlockingStub stub = KVGrpc.newBlockingStub(channel(channel));
        ByteString from = ByteString.copyFromUtf8(PREFIX);
        long revision = 0;
        boolean more = true;
        int read = 0;
        while (more) {
            RangeResponse page = stub.range(RangeRequest.newBuilder()
                    .setKey(from)
                    .setRangeEnd(end())
                    .setLimit(PAGE)
                    .setRevision(revision)
                    .build());
            revision = page.getHeader().getRevision();
            read += page.getKvsCount();
            more = page.getMore();
            if (more) {
                from = page.getKvs(page.getKvsCount() - 1).getKey().concat(ByteString.copyFrom(new byte[1]));
            }
        }
        if (read != revisions.length()) {
            throw new IllegalStateException(read + " objects of " + revisions.length());
        }
    }

    /** Opens a watcher of all, on one of the channels. */
    Watch watch(int channel) {
        Watch watch = new Watch();
        WatchGrpc.newStub(channel(channel))
                .watch(watch)
                .onNext(WatchRequest.newBuilder()
                        .setCreateRequest(WatchCreateRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8(PREFIX))
                                .setRangeEnd(end())
                                .setPrevKv(true))
                        .build());
        return watch;
    }

    private Channel channel(int number) {
        return channels.get(number % channels.size());
    }

    private static ByteString key(int number) {
        return ByteString.copyFromUtf8(String.format(Locale.ROOT, "%sobject-%08d", PREFIX, number));
    }

    private static ByteString end() {
        return ByteString.copyFromUtf8(PREFIX.replace('/', '0'));
    }

    /** How old each event was when it came: the time since the write that it tells of; a deletion's is not known. */
    static final class Watch implements StreamObserver<WatchResponse> {

        private static final long UNKNOWN = -1;

        private volatile boolean over;
        private final CountDownLatch created = new CountDownLatch(1);
        private final LinkedBlockingQueue<Long> ages = new LinkedBlockingQueue<>();

        /** The end of the stream is none of interest from now on. */
        void finish() {
            over = true;
        }

        void awaitCreation() throws InterruptedException {
            created.await();
        }

        /** Waits for so many events. */
        void takeAll(int count, Histogram into) throws InterruptedException {
            for (int i = 0; i < count; i++) {
                Long age = ages.poll(EVENT_SECONDS_MAX, TimeUnit.SECONDS);
                if (age == null) {
                    throw new IllegalStateException(count - i + " events did not come");
                }
                if (age != UNKNOWN) {
                    into.recordValue(age);
                }
            }
        }

        @Override
        public void onNext(WatchResponse response) {
            if (response.getCreated()) {
                created.countDown();
            }
            long now = System.nanoTime();
            for (Event event : response.getEventsList()) {
                boolean put = event.getType() == Event.EventType.PUT;
                ages.add(
                        put
                                ? now
                                        - event.getKv()
                                                .getValue()
                                                .asReadOnlyByteBuffer()
                                                .getLong()
                                : UNKNOWN);
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (!over) {
                System.err.println("Watch lost: " + failure);
            }
        }

        @Override
        public void onCompleted() {
            onError(new IllegalStateException("ended by the server"));
        }
    }
}
