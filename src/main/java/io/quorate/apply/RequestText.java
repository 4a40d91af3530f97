package io.quorate.apply;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.quorate.base.Printable;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.Compare;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import java.util.List;

/**
 * Requests in lines of the log: which keys they are about and how large they are, never a value. What a client sent is quoted
 * and cut, see {@link Printable}.
 */
public final class RequestText {

    private RequestText() {}

    /** A few words about a request; empty for one that has neither keys nor leases nor revisions. */
    public static String of(MessageLite request) {
        return switch (request) {
            case PutRequest put ->
                key(put.getKey()) + ", value of " + put.getValue().size() + " bytes"
                        + (put.getLease() == 0 ? "" : ", lease " + Long.toHexString(put.getLease()));
            case RangeRequest range -> range(range);
            case DeleteRangeRequest delete -> keys(delete.getKey(), delete.getRangeEnd());
            case TxnRequest txn -> txn(txn);
            case CompactionRequest compaction -> "revision " + compaction.getRevision();
            case LeaseGrantRequest lease -> lease(lease.getID()) + "TTL " + lease.getTTL() + " s";
            case LeaseRevokeRequest lease -> "lease " + Long.toHexString(lease.getID());
            case InternalRaftRequest logged -> of(logged);
            default -> "";
        };
    }

    private static String of(InternalRaftRequest request) {
        return switch (RequestKind.of(request)) {
            case PUT -> of(request.getPut());
            case TXN -> of(request.getTxn());
            case DELETE_RANGE -> of(request.getDeleteRange());
            case RANGE -> of(request.getRange());
            case COMPACTION -> of(request.getCompaction());
            case LEASE_GRANT -> of(request.getLeaseGrant());
            case LEASE_REVOKE -> of(request.getLeaseRevoke());
            default -> "";
        };
    }

    private static String range(RangeRequest range) {
        return keys(range.getKey(), range.getRangeEnd())
                + (range.getRevision() == 0 ? "" : ", revision " + range.getRevision())
                + (range.getLimit() == 0 ? "" : ", limit " + range.getLimit())
                + (range.getCountOnly() ? ", count only" : "")
                + (range.getKeysOnly() ? ", keys only" : "")
                + (range.getSerializable() ? ", serializable" : "");
    }

    private static String txn(TxnRequest txn) {
        int operations = txn.getSuccessCount() + txn.getFailureCount();
        String first = first(txn);
        return txn.getCompareCount() + " comparisons, " + operations + " operations"
                + (first.isEmpty() ? "" : ", first " + first);
    }

    private static String first(TxnRequest txn) {
        if (txn.getCompareCount() > 0) {
            Compare compare = txn.getCompare(0);
            return keys(compare.getKey(), compare.getRangeEnd());
        }
        List<RequestOp> operations = txn.getSuccessCount() > 0 ? txn.getSuccessList() : txn.getFailureList();
        if (operations.isEmpty()) {
            return "";
        }
        RequestOp operation = operations.getFirst();
        return switch (operation.getRequestCase()) {
            case REQUEST_PUT -> key(operation.getRequestPut().getKey());
            case REQUEST_RANGE -> range(operation.getRequestRange());
            case REQUEST_DELETE_RANGE -> of(operation.getRequestDeleteRange());
            case REQUEST_TXN, REQUEST_NOT_SET -> "";
        };
    }

    /** The member chooses the id if the client names none. */
    private static String lease(long id) {
        return id == 0 ? "" : "lease " + Long.toHexString(id) + ", ";
    }

    private static String keys(ByteString key, ByteString end) {
        if (end.isEmpty()) {
            return key(key);
        }
        boolean open = end.size() == 1 && end.byteAt(0) == 0;
        return "keys from " + quoted(key) + (open ? " on" : " to " + quoted(end));
    }

    private static String key(ByteString key) {
        return "key " + quoted(key);
    }

    private static String quoted(ByteString bytes) {
        return Printable.quoted(bytes.substring(0, Math.min(bytes.size(), Printable.BYTES_MAX + 1))
                .toByteArray());
    }
}
