package io.quorate.api.grpc;

import com.google.protobuf.ByteString;
import io.quorate.apply.RangeQueries;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The keys that a list of operations writes, refused when it would write one twice: two puts, or a put and a delete over
 * it, whatever their order. Deletes may overlap, and the two branches of one nested transaction may put the same key,
 * since only one of them runs. Deletes of a nested transaction count for the operations that follow it, as in etcd.
 */
final class TxnWrites {

    private static final ByteString OPEN_END = ByteString.copyFrom(new byte[1]);

    private final Set<ByteString> puts = new HashSet<>();
    private final List<KeyRange> deletes = new ArrayList<>();

    private TxnWrites() {}

    /** Collects and checks one branch. */
    static TxnWrites of(List<RequestOp> operations) {
        TxnWrites writes = new TxnWrites();
        for (RequestOp operation : operations) {
            if (operation.hasRequestDeleteRange()) {
                writes.addDelete(operation.getRequestDeleteRange());
            }
        }
        for (RequestOp operation : operations) {
            if (operation.hasRequestTxn()) {
                writes.addNested(operation.getRequestTxn());
            }
        }
        for (RequestOp operation : operations) {
            if (operation.hasRequestPut()) {
                writes.addPut(operation.getRequestPut().getKey());
            }
        }
        return writes;
    }

    /** A range without upper end counts for nothing: etcd compares its end, the byte 0, as a key. */
    private void addDelete(DeleteRangeRequest delete) {
        if (!delete.getRangeEnd().equals(OPEN_END)) {
            deletes.add(RangeQueries.range(delete.getKey(), delete.getRangeEnd()));
        }
    }

    private void addNested(TxnRequest nested) {
        TxnWrites success = of(nested.getSuccessList());
        TxnWrites failure = of(nested.getFailureList());
        success.puts.forEach(this::addPut);
        for (ByteString key : failure.puts) {
            if (!success.puts.contains(key)) {
                addPut(key);
            }
        }
        deletes.addAll(success.deletes);
        deletes.addAll(failure.deletes);
    }

    private void addPut(ByteString key) {
        Bytes bytes = RangeQueries.bytes(key);
        boolean deleted = deletes.stream().anyMatch(range -> range.contains(bytes));
        if (deleted || !puts.add(key)) {
            throw new RequestException(RequestError.DUPLICATE_KEY);
        }
    }
}
