package io.quorate.api.grpc;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.stub.ServerCallStreamObserver;
import io.quorate.apply.RangeQueries;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.mvcc.MvccStore;
import io.quorate.mvcc.RangeQuery;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.mvcc.RecordList;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.RangeStreamResponse;
import io.quorate.proto.ResponseHeader;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One streamed range (docs/etcd-v3.md, section 2.2): parts of about a request's size, each read when the client takes it, so that
 * neither side ever holds the whole. All parts show the state of the first one; a compaction in between ends the call.
 *
 * <p>Everything is read and sent on one sequential executor: no two of its threads run at the same time.
 */
final class RangeStreamCall {

    private static final long FIRST_PART_KEYS = 10;

    private final RangeRequest request;
    private final ServerCallStreamObserver<RangeStreamResponse> call;
    private final MvccStore store;
    private final LongFunction<ResponseHeader> header;
    private final long partBytes;
    private final Executor executor;
    private Bytes next;
    private long revision;
    /** The store's newest revision when the first part was read, also when the request asks for an older state; as in etcd. */
    private long headerRevision;

    private long left;
    private @Nullable RangeResult sorted;
    private int sortedSent;
    private long partKeys = FIRST_PART_KEYS;
    private Runnable allowed = () -> {};
    private boolean begun;
    private boolean ended;

    /**
     * @param header makes the header for a revision
     * @param partBytes about how large a part may become
     * @param executor where reading may take its time
     */
    RangeStreamCall(
            RangeRequest request,
            ServerCallStreamObserver<RangeStreamResponse> call,
            MvccStore store,
            LongFunction<ResponseHeader> header,
            long partBytes,
            Executor executor) {
        this.request = request;
        this.call = call;
        this.store = store;
        this.header = header;
        this.partBytes = partBytes;
        this.executor = MoreExecutors.newSequentialExecutor(executor);
        this.next = RangeQueries.bytes(request.getKey());
        this.left = request.getLimit() > 0 ? request.getLimit() : Long.MAX_VALUE;
    }

    /** Lets the call go on whenever the client has room; called in the handler, which must not begin reading yet. */
    void attach() {
        call.setOnCancelHandler(() -> {});
        call.setOnReadyHandler(this::schedule);
    }

    /**
     * The state may be read from now on.
     *
     * @param allowed throws as soon as the client may not read on; asked for each part
     */
    void begin(Runnable allowed) {
        executor.execute(() -> {
            this.allowed = allowed;
            begun = true;
        });
        schedule();
    }

    /** The call ends with a failure. */
    void fail(Throwable failure) {
        executor.execute(() -> {
            ended = true;
            Answers.fail(call, failure);
        });
    }

    private void schedule() {
        executor.execute(this::sendWhileReady);
    }

    private void sendWhileReady() {
        try {
            while (begun && !ended && !call.isCancelled() && call.isReady()) {
                sendPart();
            }
        } catch (RuntimeException | Error e) { // whatever it is, the caller gets an answer
            ended = true;
            Answers.fail(call, e);
        }
    }

    private void sendPart() {
        RangeResult part = nextPart();
        RecordList records = part.kvs();
        left -= records.size();
        UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();
        RangeQueries.addRecords(records, fields);
        RangeResponse.Builder response = RangeResponse.newBuilder().setUnknownFields(fields.build());
        ended = !part.more() || left == 0;
        if (ended) {
            response.setHeader(header.apply(headerRevision))
                    .setMore(part.more())
                    .setCount(count());
        }
        allowed.run();
        RangeResponse built = response.build();
        call.onNext(RangeStreamResponse.newBuilder().setRangeResponse(built).build());
        if (ended) {
            call.onCompleted();
        } else {
            next = behind(records.getLast().getKey());
            resize(built.getSerializedSize());
        }
    }

    private RangeResult nextPart() {
        boolean first = revision == 0;
        if (first) {
            revision = request.getRevision() > 0 ? request.getRevision() : store.currentRevision();
        }
        RangeResult part = isSorted() ? sortedPart() : partInKeyOrder();
        if (first) {
            headerRevision = part.revision();
        }
        return part;
    }

    /** A target without an order sorts ascending, as in a range of its own. */
    private boolean isSorted() {
        return request.getSortTarget() != RangeRequest.SortTarget.KEY && !request.getCountOnly();
    }

    /** Sorted records have to be there all at once; only their delivery is in parts. */
    private RangeResult sortedPart() {
        RangeResult all = sorted;
        if (all == null) {
            all = store.range(
                    RangeQueries.query(request.toBuilder().setRevision(revision).build()));
            sorted = all;
        }
        int end = (int) Math.min(sortedSent + partKeys, all.kvs().size());
        RecordList records = all.kvs().subList(sortedSent, end);
        sortedSent = end;
        return new RangeResult(records, 0, end < all.kvs().size() || all.more(), all.revision());
    }

    private RangeResult partInKeyOrder() {
        KeyRange rest = KeyRange.of(next, RangeQueries.bytes(request.getRangeEnd()));
        RangeQuery query = RangeQuery.builder(rest)
                .revision(revision)
                .limit(Math.min(partKeys, left))
                .keysOnly(request.getKeysOnly())
                .countOnly(request.getCountOnly())
                .uncounted(true)
                .build();
        return store.range(query);
    }

    private long count() {
        KeyRange all = RangeQueries.range(request.getKey(), request.getRangeEnd());
        return store.range(RangeQuery.builder(all)
                        .revision(revision)
                        .countOnly(true)
                        .build())
                .count();
    }

    /** Doubling and halving only far from the aim, so that the size does not swing. */
    private void resize(long bytes) {
        if (bytes < partBytes / 2) {
            partKeys *= 2;
        } else if (bytes > partBytes * 2) {
            partKeys = Math.max(1, partKeys / 2);
        }
    }

    private static Bytes behind(ByteString key) {
        return RangeQueries.bytes(key.concat(ByteString.copyFrom(new byte[1])));
    }
}
