package io.quorate.api.grpc;

import io.grpc.stub.StreamObserver;
import io.quorate.apply.Headers;
import io.quorate.apply.RangeQueries;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.mvcc.HistoryReader.KeyChanges;
import io.quorate.mvcc.KeyReader.RecordMeter;
import io.quorate.mvcc.MvccStore;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.ReadPool;
import io.quorate.proto.history.ChangesRequest;
import io.quorate.proto.history.ChangesResponse;
import io.quorate.proto.history.HistoryGrpc;
import java.util.function.LongSupplier;
import lombok.RequiredArgsConstructor;

/** What became of a key, for users that may read it. */
@RequiredArgsConstructor
public final class HistoryService extends HistoryGrpc.HistoryImplBase {

    private static final int CHANGES_USUAL = 100;
    private static final int CHANGES_MAX = 1000;

    private final Access access;
    private final LinearizableReader reader;
    private final MvccStore store;
    private final Headers headers;
    private final LongSupplier appliedTerm;
    private final ReadPool readPool;
    private final MeteredReads metered;

    @Override
    public void changes(ChangesRequest request, StreamObserver<ChangesResponse> call) {
        if (request.getKey().isEmpty()) {
            Answers.fail(call, new RequestException(RequestError.EMPTY_KEY));
            return;
        }
        Caller caller = Caller.current();
        if (request.getSerializable()) {
            read(caller, request, call);
            return;
        }
        Stages.whenDone("a read of history", reader.awaitLinearizable(), (ignored, failure) -> {
            if (failure != null) {
                Answers.fail(call, failure);
            } else {
                read(caller, request, call);
            }
        });
    }

    private void read(Caller caller, ChangesRequest request, StreamObserver<ChangesResponse> call) {
        Bytes key = RangeQueries.bytes(request.getKey());
        access.identify(caller, call, identity -> {
            access.rules().requireRead(identity, KeyRange.single(key));
            readPool.admit(() -> metered.answer(
                    call, meter -> access.read(identity, permissions -> {}, () -> changes(key, request, meter))));
        });
    }

    private ChangesResponse changes(Bytes key, ChangesRequest request, RecordMeter meter) {
        if (store.isLoading()) {
            throw new RequestException(RequestError.LOADING);
        }
        int most = request.getLimit() <= 0 ? CHANGES_USUAL : (int) Math.min(request.getLimit(), CHANGES_MAX);
        long before = request.getBefore() <= 0 ? Long.MAX_VALUE : request.getBefore();
        KeyChanges found = store.history().changes(key, before, most, meter);
        return ChangesResponse.newBuilder()
                .setHeader(headers.of(store.currentRevision(), appliedTerm.getAsLong()))
                .addAllChanges(found.changes())
                .setMore(found.more())
                .setCompactRevision(Math.max(0, found.compactedRevision()))
                .build();
    }
}
