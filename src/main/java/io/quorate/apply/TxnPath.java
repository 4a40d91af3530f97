package io.quorate.apply;

import io.quorate.mvcc.KeyReader;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Which branch each transaction of a tree takes. All of them are decided on the state before the first write, so what an
 * operation writes never changes where a nested transaction goes (docs/etcd-v3.md, section 2.4).
 *
 * @param succeeded whether the comparisons held, so that the success branch is taken
 * @param nested the paths of the chosen branch's transactions, in the order of its operations
 */
record TxnPath(boolean succeeded, List<TxnPath> nested) {

    static TxnPath of(TxnRequest request, KeyReader state) {
        boolean succeeded = Compares.hold(request.getCompareList(), state);
        List<TxnPath> nested = new ArrayList<>();
        for (RequestOp op : chosen(request, succeeded)) {
            if (op.hasRequestTxn()) {
                nested.add(of(op.getRequestTxn(), state));
            }
        }
        return new TxnPath(succeeded, nested);
    }

    List<RequestOp> chosen(TxnRequest request) {
        return chosen(request, succeeded);
    }

    private static List<RequestOp> chosen(TxnRequest request, boolean succeeded) {
        return succeeded ? request.getSuccessList() : request.getFailureList();
    }
}
