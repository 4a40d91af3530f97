package io.quorate.apply;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.lease.LeaseManager;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.mvcc.WriteTxn;
import io.quorate.mvcc.WriteTxn.DeleteResult;
import io.quorate.mvcc.WriteTxn.PutResult;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.DeleteRangeResponse;
import io.quorate.proto.PutRequest;
import io.quorate.proto.PutResponse;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.mvccpb.KeyValue;
import org.jspecify.annotations.Nullable;

/** Put, delete and range inside a write transaction. Responses come without header; the caller adds it. */
final class KvApplier {

    private final LeaseManager leases;
    private final KvCounters counters;

    KvApplier(LeaseManager leases, KvCounters counters) {
        this.leases = leases;
        this.counters = counters;
    }

    /** Everything that can refuse a put, so that nothing fails once the first write is done. */
    void check(PutRequest request, WriteTxn txn) {
        checkLease(request);
        checkKept(request, txn);
    }

    private void checkLease(PutRequest request) {
        if (request.getLease() != 0 && leases.lookup(request.getLease()) == null) {
            throw new RequestException(RequestError.LEASE_NOT_FOUND);
        }
    }

    private static void checkKept(PutRequest request, WriteTxn txn) {
        boolean keeps = request.getIgnoreValue() || request.getIgnoreLease();
        if (keeps && txn.meta(RangeQueries.bytes(request.getKey())) == null) {
            throw new RequestException(RequestError.KEY_NOT_FOUND);
        }
    }

    PutResponse.Builder put(PutRequest request, WriteTxn txn) {
        counters.put(request.getKey().size() + (long) request.getValue().size());
        Bytes key = RangeQueries.bytes(request.getKey());
        ByteString value = request.getValue();
        long lease = request.getLease();
        if (request.getIgnoreValue() || request.getIgnoreLease()) {
            KeyValue existing = require(txn.get(key));
            value = request.getIgnoreValue() ? existing.getValue() : value;
            lease = request.getIgnoreLease() ? existing.getLease() : lease;
        }
        PutResult result = txn.put(key, value, lease, request.getPrevKv());
        PutResponse.Builder response = PutResponse.newBuilder();
        if (result.previous() != null) {
            response.setPrevKv(result.previous());
        }
        return response;
    }

    DeleteRangeResponse.Builder delete(DeleteRangeRequest request, WriteTxn txn) {
        counters.delete();
        DeleteResult result =
                txn.deleteRange(RangeQueries.range(request.getKey(), request.getRangeEnd()), request.getPrevKv());
        return DeleteRangeResponse.newBuilder().setDeleted(result.deleted()).addAllPrevKvs(result.previous());
    }

    RangeResponse.Builder range(RangeRequest request, WriteTxn txn) {
        counters.range();
        RangeResult result = txn.range(RangeQueries.query(request));
        return RangeResponse.newBuilder()
                .addAllKvs(result.kvs())
                .setCount(result.count())
                .setMore(result.more());
    }

    private static KeyValue require(@Nullable KeyValue existing) {
        if (existing == null) {
            throw new RequestException(RequestError.KEY_NOT_FOUND);
        }
        return existing;
    }
}
