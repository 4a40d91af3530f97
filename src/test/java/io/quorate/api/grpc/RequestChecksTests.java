package io.quorate.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.proto.Compare;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RequestChecksTests {

    private static final int LIMIT = 4;

    @Test
    void checkWhenKeyIsEmptyRefusesEveryKind() {
        assertRefused(RequestError.EMPTY_KEY, () -> RequestChecks.check(RangeRequest.getDefaultInstance()));
        assertRefused(RequestError.EMPTY_KEY, () -> RequestChecks.check(PutRequest.getDefaultInstance()));
        assertRefused(RequestError.EMPTY_KEY, () -> RequestChecks.check(DeleteRangeRequest.getDefaultInstance()));
        assertRefused(RequestError.EMPTY_KEY, TxnRequest.newBuilder().addCompare(Compare.getDefaultInstance()));
        assertRefused(RequestError.EMPTY_KEY, TxnRequest.newBuilder().addFailure(put("")));
    }

    @Test
    void checkWhenIgnoredPartIsGivenRefuses() {
        PutRequest.Builder put = PutRequest.newBuilder().setKey(bytes("k"));

        assertRefused(
                RequestError.VALUE_PROVIDED,
                () -> RequestChecks.check(
                        put.clone().setIgnoreValue(true).setValue(bytes("v")).build()));
        assertRefused(
                RequestError.LEASE_PROVIDED,
                () -> RequestChecks.check(
                        put.clone().setIgnoreLease(true).setLease(1).build()));
    }

    @Test
    void checkWhenSortIsUnknownRefuses() {
        assertRefused(
                RequestError.INVALID_SORT_OPTION,
                () -> RequestChecks.check(RangeRequest.newBuilder()
                        .setKey(bytes("k"))
                        .setSortOrderValue(99)
                        .build()));
    }

    @Test
    void checkWhenOperationIsUnsetRefuses() {
        assertRefused(RequestError.KEY_NOT_FOUND, TxnRequest.newBuilder().addSuccess(RequestOp.getDefaultInstance()));
    }

    @Test
    void checkWhenNestedTransactionsUseUpTheLimitRefuses() {
        TxnRequest.Builder three = txn(put("a"), put("b"), put("c"));
        RequestOp nestedOne = nested(txn(put("x")));
        RequestOp nestedTwo = nested(txn(put("x"), put("y")));

        assertAccepted(txn(put("a"), put("b"), nestedOne));
        assertRefused(RequestError.TOO_MANY_OPERATIONS, txn(put("a"), put("b"), nestedTwo));
        assertAccepted(three);
        assertRefused(RequestError.TOO_MANY_OPERATIONS, txn(put("a"), put("b"), put("c"), put("d"), put("e")));
    }

    @Test
    void checkWhenKeyIsPutTwiceRefuses() {
        assertRefused(RequestError.DUPLICATE_KEY, txn(put("a"), put("a")));
        assertRefused(RequestError.DUPLICATE_KEY, txn(put("a"), nested(txn(put("a")))));
    }

    @Test
    void checkWhenPutLiesUnderDeleteRefusesInAnyOrder() {
        assertRefused(RequestError.DUPLICATE_KEY, txn(put("b"), delete("a", "c")));
        assertRefused(RequestError.DUPLICATE_KEY, txn(delete("a", "c"), put("b")));
        assertAccepted(txn(delete("a", "c"), put("c")));
        assertAccepted(txn(delete("a", "c"), delete("b", "d")));
    }

    @Test
    void checkWhenPutLiesUnderOpenEndedDeleteAccepts() {
        assertAccepted(txn(delete("a", "\0"), put("b")));
        assertAccepted(txn(put("b"), nested(txn(delete("\0", "\0")))));
    }

    @Test
    void checkWhenBranchesOfOneNestedTransactionPutTheSameKeyAccepts() {
        TxnRequest.Builder both = TxnRequest.newBuilder().addSuccess(put("k")).addFailure(put("k"));

        assertAccepted(txn(nested(both)));
        assertAccepted(both);
    }

    /** The one asymmetry that etcd has. */
    @Test
    void checkWhenSiblingsPutAndDeleteDependsOnTheirOrder() {
        RequestOp puts = nested(txn(put("k")));
        RequestOp deletes = nested(txn(delete("k", "")));

        assertAccepted(txn(puts, deletes));
        assertRefused(RequestError.DUPLICATE_KEY, txn(deletes, puts));
    }

    private static void assertAccepted(TxnRequest.Builder txn) {
        assertThatNoException().isThrownBy(() -> RequestChecks.check(txn.build(), LIMIT));
    }

    private static void assertRefused(RequestError error, TxnRequest.Builder txn) {
        assertRefused(error, () -> RequestChecks.check(txn.build(), LIMIT));
    }

    private static void assertRefused(RequestError error, ThrowingCallable check) {
        assertThat(catchThrowableOfType(RequestException.class, check).error()).isEqualTo(error);
    }

    private static TxnRequest.Builder txn(RequestOp... operations) {
        return TxnRequest.newBuilder().addAllSuccess(java.util.List.of(operations));
    }

    private static RequestOp put(String key) {
        return RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder().setKey(bytes(key)))
                .build();
    }

    private static RequestOp delete(String key, String end) {
        return RequestOp.newBuilder()
                .setRequestDeleteRange(
                        DeleteRangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end)))
                .build();
    }

    private static RequestOp nested(TxnRequest.Builder txn) {
        return RequestOp.newBuilder().setRequestTxn(txn).build();
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
