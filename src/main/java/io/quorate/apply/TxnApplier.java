package io.quorate.apply;

import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.mvcc.KeyReader;
import io.quorate.mvcc.KeyReader.RecordMeter;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.MvccException.FutureRevisionException;
import io.quorate.mvcc.WriteTxn;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.ResponseHeader;
import io.quorate.proto.ResponseOp;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.TxnResponse;
import java.util.Iterator;

/**
 * Transactions: choose the branches, check the chosen operations, then execute them in order. The first two steps see
 * the state before the transaction; after them nothing can be refused any more.
 */
public final class TxnApplier {

    private final KvApplier kv;
    private final KvCounters counters;

    TxnApplier(KvApplier kv, KvCounters counters) {
        this.kv = kv;
        this.counters = counters;
    }

    /** Applies a transaction that may write. */
    TxnResponse.Builder apply(TxnRequest request, WriteTxn txn) {
        counters.txn();
        TxnPath path = TxnPath.of(request, txn);
        check(request, path, txn);
        return execute(request, path, txn);
    }

    /**
     * Answers a transaction of nothing but ranges on a view, without the log.
     *
     * @param meter is told of what is read
     * @param form how the answers to the ranges are made
     * @throws RuntimeException like a range, when a revision is compacted or in the future
     */
    public static TxnResponse.Builder read(
            TxnRequest request, KeyReader view, RecordMeter meter, RangeQueries.Form form) {
        TxnPath path = TxnPath.of(request, view);
        for (RequestOp op : path.chosen(request)) {
            checkRevision(op.getRequestRange(), view);
        }
        TxnResponse.Builder response = TxnResponse.newBuilder().setSucceeded(path.succeeded());
        for (RequestOp op : path.chosen(request)) {
            response.addResponsesBuilder()
                    .setResponseRange(form.of(
                            view.range(RangeQueries.query(op.getRequestRange(), meter)),
                            Headers.nested(view.revision())));
        }
        return response;
    }

    private void check(TxnRequest request, TxnPath path, WriteTxn txn) {
        Iterator<TxnPath> nested = path.nested().iterator();
        for (RequestOp op : path.chosen(request)) {
            switch (op.getRequestCase()) {
                case REQUEST_RANGE -> checkRevision(op.getRequestRange(), txn);
                case REQUEST_PUT -> kv.check(op.getRequestPut(), txn);
                case REQUEST_TXN -> check(op.getRequestTxn(), nested.next(), txn);
                case REQUEST_DELETE_RANGE -> {}
                case REQUEST_NOT_SET -> throw new RequestException(RequestError.KEY_NOT_FOUND);
            }
        }
    }

    /** Unlike a range of its own, one inside a transaction takes a negative revision for a compacted one. */
    private static void checkRevision(RangeRequest range, KeyReader state) {
        long revision = range.getRevision();
        if (revision > state.revision()) {
            throw new FutureRevisionException(revision, state.revision());
        }
        if (revision != 0 && revision < state.compactedRevision()) {
            throw new CompactedException(revision, state.compactedRevision());
        }
    }

    private TxnResponse.Builder execute(TxnRequest request, TxnPath path, WriteTxn txn) {
        TxnResponse.Builder response = TxnResponse.newBuilder().setSucceeded(path.succeeded());
        Iterator<TxnPath> nested = path.nested().iterator();
        for (RequestOp op : path.chosen(request)) {
            response.addResponses(execute(op, nested, txn));
        }
        return response;
    }

    private ResponseOp execute(RequestOp op, Iterator<TxnPath> nested, WriteTxn txn) {
        ResponseOp.Builder response = ResponseOp.newBuilder();
        switch (op.getRequestCase()) {
            case REQUEST_RANGE -> {
                var range = kv.range(op.getRequestRange(), txn);
                response.setResponseRange(range.setHeader(Headers.nested(txn.revision())));
            }
            case REQUEST_PUT -> {
                var put = kv.put(op.getRequestPut(), txn);
                response.setResponsePut(put.setHeader(Headers.nested(txn.revision())));
            }
            case REQUEST_DELETE_RANGE -> {
                var deleted = kv.delete(op.getRequestDeleteRange(), txn);
                response.setResponseDeleteRange(deleted.setHeader(Headers.nested(txn.revision())));
            }
            case REQUEST_TXN -> {
                var inner = execute(op.getRequestTxn(), nested.next(), txn);
                // alone among nested answers its header is empty, as etcd's is
                response.setResponseTxn(inner.setHeader(ResponseHeader.getDefaultInstance()));
            }
            case REQUEST_NOT_SET -> throw new RequestException(RequestError.KEY_NOT_FOUND);
        }
        return response.build();
    }
}
