package io.quorate.apply;

import static io.quorate.apply.ApplyFixture.bytes;
import static io.quorate.apply.ApplyFixture.compare;
import static io.quorate.apply.ApplyFixture.op;
import static io.quorate.apply.ApplyFixture.putOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.KeyRange;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.mvcc.KeyReader.RecordMeter;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.MvccException.FutureRevisionException;
import io.quorate.mvcc.RangeQuery;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.Compare.CompareResult;
import io.quorate.proto.Compare.CompareTarget;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.TxnResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions are refused whole, before their first write, or done whole. */
class TxnApplierTests {

    @TempDir
    private Path directory;

    private ApplyFixture fixture;

    @BeforeEach
    void open() {
        fixture = new ApplyFixture(directory);
        fixture.put("k", "old"); // revision 2
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static RequestOp range(String key, long revision) {
        return RequestOp.newBuilder()
                .setRequestRange(RangeRequest.newBuilder().setKey(bytes(key)).setRevision(revision))
                .build();
    }

    private static RequestOp delete(String key) {
        return RequestOp.newBuilder()
                .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(bytes(key)))
                .build();
    }

    private static RequestOp nested(TxnRequest.Builder txn) {
        return RequestOp.newBuilder().setRequestTxn(txn).build();
    }

    /** A good write before the operation in question, which must not happen. */
    private Outcome afterAWrite(RequestOp last) {
        return fixture.txn(TxnRequest.newBuilder()
                .addSuccess(op(putOf("first", "written")))
                .addSuccess(last));
    }

    private void assertNothingHappened() {
        assertThat(fixture.store.currentRevision()).isEqualTo(2);
        assertThat(fixture.store.range(RangeQuery.of(KeyRange.ALL)).count()).isEqualTo(1);
    }

    private void assertRefused(Outcome outcome, RequestError error) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.cause())
                                .isInstanceOfSatisfying(
                                        RequestException.class,
                                        cause -> assertThat(cause.error()).isEqualTo(error)));
        assertNothingHappened();
    }

    private static TxnResponse done(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return (TxnResponse) ((Outcome.Done) outcome).response();
    }

    @Test
    void applyWhenALaterPutNamesALeaseThatIsNotThereChangesNothing() {
        assertRefused(afterAWrite(op(putOf("k", "v").setLease(4711))), RequestError.LEASE_NOT_FOUND);
    }

    @Test
    void applyWhenALaterPutKeepsTheValueOfAMissingKeyChangesNothing() {
        assertRefused(
                afterAWrite(op(putOf("missing", "").clearValue().setIgnoreValue(true))), RequestError.KEY_NOT_FOUND);
        assertRefused(afterAWrite(op(putOf("missing", "v").setIgnoreLease(true))), RequestError.KEY_NOT_FOUND);
    }

    @Test
    void applyWhenALaterRangeIsInTheFutureChangesNothing() {
        assertThat(afterAWrite(range("k", 3)))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.cause()).isInstanceOf(FutureRevisionException.class));
        assertNothingHappened();
    }

    @Test
    void applyWhenALaterRangeIsCompactedChangesNothing() {
        fixture.apply(InternalRaftRequest.newBuilder()
                .setCompaction(CompactionRequest.newBuilder().setRevision(2)));
        assertThat(afterAWrite(range("k", 1)))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.cause()).isInstanceOf(CompactedException.class));
        assertThat(afterAWrite(range("k", -1)))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.cause()).isInstanceOf(CompactedException.class));
        assertNothingHappened();
        assertThat(afterAWrite(range("k", 2))).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void applyWhenANestedOperationIsRefusedChangesNothing() {
        TxnRequest.Builder inner = TxnRequest.newBuilder()
                .addSuccess(op(putOf("second", "written")))
                .addSuccess(op(putOf("k", "v").setLease(4711)));
        assertRefused(afterAWrite(nested(inner)), RequestError.LEASE_NOT_FOUND);
    }

    @Test
    void applyWhenTheRefusedOperationIsInTheBranchNotTakenIsDone() {
        Outcome outcome = fixture.txn(TxnRequest.newBuilder()
                .addSuccess(op(putOf("first", "written")))
                .addFailure(op(putOf("k", "v").setLease(4711))));
        assertThat(done(outcome).getSucceeded()).isTrue();
    }

    @Test
    void applyWhenComparisonsFailTakesTheOtherBranch() {
        Outcome outcome = fixture.txn(TxnRequest.newBuilder()
                .addCompare(compare("k")
                        .setTarget(CompareTarget.VERSION)
                        .setResult(CompareResult.GREATER)
                        .setVersion(1))
                .addSuccess(op(putOf("yes", "")))
                .addFailure(op(putOf("no", ""))));
        assertThat(done(outcome).getSucceeded()).isFalse();
        assertThat(fixture.store.range(RangeQuery.of(KeyRange.ALL)).kvs())
                .extracting(kv -> kv.getKey().toStringUtf8())
                .containsExactly("k", "no");
    }

    @Test
    void applyIsOneRevisionAndEachOperationSeesThoseBeforeIt() {
        TxnResponse response = done(fixture.txn(TxnRequest.newBuilder()
                .addSuccess(op(putOf("k", "new").setPrevKv(true)))
                .addSuccess(range("k", 0))
                .addSuccess(range("k", 2))
                .addSuccess(delete("k"))
                .addSuccess(range("k", 0))));
        assertThat(response.getHeader().getRevision()).isEqualTo(3);
        assertThat(response.getResponses(0).getResponsePut().getPrevKv().getValue())
                .isEqualTo(bytes("old"));
        assertThat(response.getResponses(1).getResponseRange().getKvs(0).getValue())
                .isEqualTo(bytes("new"));
        assertThat(response.getResponses(2).getResponseRange().getKvs(0).getValue())
                .isEqualTo(bytes("old"));
        assertThat(response.getResponses(3).getResponseDeleteRange().getDeleted())
                .isEqualTo(1);
        assertThat(response.getResponses(4).getResponseRange().getCount()).isZero();
        assertThat(fixture.store.currentRevision()).isEqualTo(3);
    }

    /** What an operation writes never changes where a nested transaction goes. */
    @Test
    void applyWhenNestedDecidesOnTheStateBefore() {
        TxnRequest.Builder inner = TxnRequest.newBuilder()
                .addCompare(compare("k")
                        .setTarget(CompareTarget.VALUE)
                        .setResult(CompareResult.EQUAL)
                        .setValue(bytes("old")))
                .addSuccess(op(putOf("inner", "yes")))
                .addFailure(op(putOf("inner", "no")));
        TxnResponse response = done(fixture.txn(
                TxnRequest.newBuilder().addSuccess(op(putOf("k", "new"))).addSuccess(nested(inner))));
        assertThat(response.getResponses(1).getResponseTxn().getSucceeded()).isTrue();
        assertThat(response.getResponses(1).getResponseTxn().hasHeader()).isTrue();
        TxnResponse again = done(fixture.txn(
                TxnRequest.newBuilder().addSuccess(op(putOf("k", "old"))).addSuccess(nested(inner))));
        assertThat(again.getResponses(1).getResponseTxn().getSucceeded()).isFalse();
    }

    @Test
    void applyIsCountedWithItsOperations() {
        fixture.txn(TxnRequest.newBuilder()
                .addSuccess(op(putOf("key", "value")))
                .addSuccess(range("key", 0))
                .addSuccess(delete("key")));
        assertThat(fixture.counters.txns()).isEqualTo(1);
        assertThat(fixture.counters.puts()).isEqualTo(2); // with the one that was there before
        assertThat(fixture.counters.putBytes()).isEqualTo("kold".length() + "keyvalue".length());
        assertThat(fixture.counters.ranges()).isEqualTo(1);
        assertThat(fixture.counters.deletes()).isEqualTo(1);
    }

    @Test
    void readWhenARevisionIsInTheFutureRefuses() {
        TxnRequest request = TxnRequest.newBuilder().addSuccess(range("k", 3)).build();
        try (var view = fixture.store.read()) {
            assertThatThrownBy(() -> TxnApplier.read(request, view, RecordMeter.NONE, RangeQueries::response))
                    .isInstanceOf(FutureRevisionException.class);
        }
    }

    @Test
    void readWhenARevisionIsNegativeTakesItForCompacted() {
        TxnRequest request = TxnRequest.newBuilder().addSuccess(range("k", -2)).build();
        try (var view = fixture.store.read()) {
            assertThatThrownBy(() -> TxnApplier.read(request, view, RecordMeter.NONE, RangeQueries::response))
                    .isInstanceOf(CompactedException.class);
        }
    }

    @Test
    void readAnswersFromTheBranchThatIsTaken() {
        TxnRequest request = TxnRequest.newBuilder()
                .addCompare(compare("k")
                        .setTarget(CompareTarget.VALUE)
                        .setResult(CompareResult.EQUAL)
                        .setValue(bytes("other")))
                .addSuccess(range("x", 0))
                .addFailure(range("k", 0))
                .build();
        try (var view = fixture.store.read()) {
            TxnResponse response = TxnApplier.read(request, view, RecordMeter.NONE, RangeQueries::response)
                    .build();
            TxnResponse wire = TxnApplier.read(request, view, RecordMeter.NONE, RangeQueries::encoded)
                    .build();
            assertThat(wire.toByteString()).isEqualTo(response.toByteString());
            assertThat(response.getSucceeded()).isFalse();
            assertThat(List.copyOf(response.getResponses(0).getResponseRange().getKvsList()))
                    .extracting(kv -> kv.getValue().toStringUtf8())
                    .containsExactly("old");
        }
    }
}
