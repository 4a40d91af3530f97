package io.quorate.api.web;

import io.quorate.proto.DeleteRangeResponse;
import io.quorate.proto.PutResponse;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.ResponseOp;
import io.quorate.proto.TxnResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction did.
 *
 * @param succeeded whether all comparisons held
 * @param results one for each operation, in their order
 * @param revision after it; null inside another one
 */
record TxnAnswer(
        boolean succeeded, List<Result> results, @Nullable Long revision) {

    static TxnAnswer of(TxnResponse done) {
        return new TxnAnswer(
                done.getSucceeded(), results(done), done.getHeader().getRevision());
    }

    private static List<Result> results(TxnResponse done) {
        return done.getResponsesList().stream().map(Result::of).toList();
    }

    /** What one operation did: one of four. */
    record Result(
            @Nullable Put put,
            @Nullable Get get,
            @Nullable Delete delete,
            @Nullable TxnAnswer txn) {

        static Result of(ResponseOp done) {
            return switch (done.getResponseCase()) {
                case RESPONSE_PUT -> new Result(Put.of(done.getResponsePut()), null, null, null);
                case RESPONSE_RANGE -> new Result(null, Get.of(done.getResponseRange()), null, null);
                case RESPONSE_DELETE_RANGE -> new Result(null, null, Delete.of(done.getResponseDeleteRange()), null);
                case RESPONSE_TXN -> {
                    TxnResponse inner = done.getResponseTxn();
                    yield new Result(null, null, null, new TxnAnswer(inner.getSucceeded(), results(inner), null));
                }
                case RESPONSE_NOT_SET -> new Result(null, null, null, null);
            };
        }
    }

    /** A write; {@code previous} is there only if it was asked for. */
    record Put(@Nullable KeyView previous) {

        static Put of(PutResponse done) {
            return new Put(done.hasPrevKv() ? KeyView.of(done.getPrevKv()) : null);
        }
    }

    /** Keys that were read; {@code count} is how many there are in all. */
    record Get(List<KeyView> keys, long count, boolean more) {

        static Get of(RangeResponse done) {
            return new Get(done.getKvsList().stream().map(KeyView::of).toList(), done.getCount(), done.getMore());
        }
    }

    /** How many keys were deleted; {@code previous} is there only if it was asked for. */
    record Delete(long deleted, @Nullable List<KeyView> previous) {

        static Delete of(DeleteRangeResponse done) {
            List<KeyView> previous =
                    done.getPrevKvsList().stream().map(KeyView::of).toList();
            return new Delete(done.getDeleted(), previous.isEmpty() ? null : previous);
        }
    }
}
