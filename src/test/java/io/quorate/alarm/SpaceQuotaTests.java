package io.quorate.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import org.junit.jupiter.api.Test;

class SpaceQuotaTests {

    private static final SpaceQuota QUOTA = new SpaceQuota(() -> 1000, () -> 600);

    private static RequestOp put(int valueBytes) {
        return RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("key"))
                        .setValue(ByteString.copyFrom(new byte[valueBytes])))
                .build();
    }

    private static RequestOp delete() {
        return RequestOp.newBuilder()
                .setRequestDeleteRange(DeleteRangeRequest.getDefaultInstance())
                .build();
    }

    @Test
    void admitsWhenTheLimitIsNotReachedOnly() {
        assertThat(QUOTA.admits(399)).isTrue();
        assertThat(QUOTA.admits(400)).isFalse();
    }

    @Test
    void admitsWhenNothingIsAddedOrThereIsNoLimitAlways() {
        assertThat(new SpaceQuota(() -> 1, () -> 600).admits(0)).isTrue();
        assertThat(new SpaceQuota(() -> -1, () -> 600).admits(1 << 30)).isTrue();
        assertThat(new SpaceQuota(() -> 0, () -> 600).admits(1 << 30)).isTrue();
    }

    @Test
    void costWhenPutCountsKeyAndValueAndRecord() {
        assertThat(SpaceQuota.cost(put(10).getRequestPut())).isEqualTo(256 + 3 + 10);
    }

    @Test
    void costWhenTxnIsThatOfTheDearerBranch() {
        TxnRequest txn = TxnRequest.newBuilder()
                .addSuccess(put(10))
                .addSuccess(put(20))
                .addFailure(put(100))
                .build();
        assertThat(SpaceQuota.cost(txn)).isEqualTo(2 * 259 + 30);
    }

    @Test
    void costWhenTxnIsNestedCountsWhatIsInside() {
        TxnRequest inner =
                TxnRequest.newBuilder().addFailure(put(50)).addSuccess(delete()).build();
        TxnRequest txn = TxnRequest.newBuilder()
                .addSuccess(RequestOp.newBuilder().setRequestTxn(inner))
                .build();
        assertThat(SpaceQuota.cost(txn)).isEqualTo(259 + 50);
        assertThat(SpaceQuota.cost(TxnRequest.newBuilder().addSuccess(delete()).build()))
                .isZero();
    }
}
