package io.quorate.api.grpc;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.proto.Compare;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import java.util.List;

/** What can be refused by looking at a request alone, before it costs anything. */
final class RequestChecks {

    private RequestChecks() {}

    static void check(RangeRequest request) {
        requireKey(request.getKey());
        if (request.getSortOrder() == RangeRequest.SortOrder.UNRECOGNIZED
                || request.getSortTarget() == RangeRequest.SortTarget.UNRECOGNIZED) {
            throw new RequestException(RequestError.INVALID_SORT_OPTION);
        }
    }

    /** A stream goes in key order and shows what it meets; etcd words these two refusals without its prefix. */
    static void checkStreamed(RangeRequest request) {
        check(request);
        boolean keyOrder = request.getSortOrder() == RangeRequest.SortOrder.NONE
                || (request.getSortOrder() == RangeRequest.SortOrder.ASCEND
                        && request.getSortTarget() == RangeRequest.SortTarget.KEY);
        if (!keyOrder) {
            throw Status.UNIMPLEMENTED
                    .withDescription("RangeStream does not support custom sort orders")
                    .asRuntimeException();
        }
        if ((request.getMinModRevision()
                        | request.getMaxModRevision()
                        | request.getMinCreateRevision()
                        | request.getMaxCreateRevision())
                != 0) {
            throw Status.UNIMPLEMENTED
                    .withDescription("RangeStream does not support revision filters")
                    .asRuntimeException();
        }
    }

    static void check(PutRequest request) {
        requireKey(request.getKey());
        if (request.getIgnoreValue() && !request.getValue().isEmpty()) {
            throw new RequestException(RequestError.VALUE_PROVIDED);
        }
        if (request.getIgnoreLease() && request.getLease() != 0) {
            throw new RequestException(RequestError.LEASE_PROVIDED);
        }
    }

    static void check(DeleteRangeRequest request) {
        requireKey(request.getKey());
    }

    /**
     * Checks a transaction with all that is nested in it.
     *
     * @param operationsMax how many operations or comparisons one list may hold; nested ones get what is left
     */
    static void check(TxnRequest request, int operationsMax) {
        checkSize(request, operationsMax);
        TxnWrites.of(request.getSuccessList());
        TxnWrites.of(request.getFailureList());
    }

    private static void checkSize(TxnRequest request, int operationsMax) {
        int operations =
                Math.max(request.getCompareCount(), Math.max(request.getSuccessCount(), request.getFailureCount()));
        if (operations > operationsMax) {
            throw new RequestException(RequestError.TOO_MANY_OPERATIONS);
        }
        for (Compare compare : request.getCompareList()) {
            requireKey(compare.getKey());
        }
        checkOperations(request.getSuccessList(), operationsMax - operations);
        checkOperations(request.getFailureList(), operationsMax - operations);
    }

    private static void checkOperations(List<RequestOp> operations, int nestedMax) {
        for (RequestOp operation : operations) {
            switch (operation.getRequestCase()) {
                case REQUEST_RANGE -> check(operation.getRequestRange());
                case REQUEST_PUT -> check(operation.getRequestPut());
                case REQUEST_DELETE_RANGE -> check(operation.getRequestDeleteRange());
                case REQUEST_TXN -> checkSize(operation.getRequestTxn(), nestedMax);
                case REQUEST_NOT_SET -> throw new RequestException(RequestError.KEY_NOT_FOUND);
            }
        }
    }

    private static void requireKey(ByteString key) {
        if (key.isEmpty()) {
            throw new RequestException(RequestError.EMPTY_KEY);
        }
    }
}
