package io.quorate.conformance;

import com.google.protobuf.ByteString;
import io.quorate.proto.Compare;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import java.util.HashSet;
import java.util.Set;

/** Makes transactions, nested ones included. Most put every key once, as they must; some do not. */
final class TxnRequests {

    private static final int DEPTH_MAX = 2;
    private static final int OPERATIONS_MAX = 128;

    private final Dice dice;
    private final KvRequests kv;

    TxnRequests(Dice dice, KvRequests kv) {
        this.dice = dice;
        this.kv = kv;
    }

    TxnRequest txn() {
        if (dice.chance(2)) {
            return manyOperations();
        }
        if (dice.chance(1)) {
            return strangeTxn();
        }
        return txn(0, dice.chance(75));
    }

    /** With a range, in the branch that is not taken, in an order or of a target that does not exist. */
    private TxnRequest strangeTxn() {
        RangeRequest range = kv.strangeRange();
        if (dice.chance(50)) {
            range = range.toBuilder().clearSortOrder().setSortTargetValue(5).build();
        }
        TxnRequest.Builder txn =
                TxnRequest.newBuilder().addFailure(RequestOp.newBuilder().setRequestRange(range));
        return dice.chance(50)
                ? txn.build()
                : TxnRequest.newBuilder()
                        .addSuccess(RequestOp.newBuilder().setRequestTxn(txn))
                        .build();
    }

    private TxnRequest txn(int depth, boolean careful) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        for (int i = dice.below(4); i > 0; i--) {
            txn.addCompare(compare());
        }
        Set<ByteString> success = new HashSet<>();
        for (int i = dice.below(5); i > 0; i--) {
            txn.addSuccess(operation(depth, careful, success));
        }
        Set<ByteString> failure = new HashSet<>();
        for (int i = dice.below(4); i > 0; i--) {
            txn.addFailure(operation(depth, careful, failure));
        }
        return txn.build();
    }

    private RequestOp operation(int depth, boolean careful, Set<ByteString> written) {
        RequestOp.Builder operation = RequestOp.newBuilder();
        int choice = dice.below(100);
        if (choice < 40) {
            ByteString key = dice.anyKey();
            if (!careful || written.add(key)) {
                return operation.setRequestPut(kv.put(key)).build();
            }
        } else if (choice < 55) {
            if (!careful || written.isEmpty()) {
                return operation.setRequestDeleteRange(kv.delete()).build();
            }
        } else if (choice < 70 && depth < DEPTH_MAX) {
            return operation.setRequestTxn(txn(depth + 1, careful)).build();
        } else if (choice == 99) {
            return operation.build();
        }
        return operation.setRequestRange(kv.range()).build();
    }

    private Compare compare() {
        ByteString key = dice.anyKey();
        Compare.Builder compare = Compare.newBuilder()
                .setKey(key)
                .setTargetValue(dice.chance(97) ? dice.below(5) : dice.oneOf(5, -1))
                .setResultValue(dice.chance(97) ? dice.below(4) : dice.oneOf(4, -1));
        if (dice.chance(20)) {
            compare.setRangeEnd(dice.rangeEnd(key));
        }
        operand(compare, dice.chance(90) ? compare.getTargetValue() : dice.below(6));
        return compare.build();
    }

    private void operand(Compare.Builder compare, int target) {
        switch (target) {
            case Compare.CompareTarget.VERSION_VALUE -> compare.setVersion(dice.below(3));
            case Compare.CompareTarget.CREATE_VALUE -> compare.setCreateRevision(dice.chance(50) ? 0 : dice.revision());
            case Compare.CompareTarget.MOD_VALUE -> compare.setModRevision(dice.chance(50) ? 0 : dice.revision());
            case Compare.CompareTarget.VALUE_VALUE -> compare.setValue(dice.value());
            case Compare.CompareTarget.LEASE_VALUE -> compare.setLease(dice.chance(50) ? 0 : dice.lease());
            default -> {} // no operand at all
        }
    }

    /** As many operations as are allowed, one more, or nested ones that only together are too many. */
    private TxnRequest manyOperations() {
        int count = OPERATIONS_MAX + dice.between(-1, 1);
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        switch (dice.below(3)) {
            case 0 -> {
                for (int i = 0; i < count; i++) {
                    txn.addCompare(Compare.newBuilder().setKey(dice.key()));
                }
            }
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    ByteString key = ByteString.copyFromUtf8("a" + i);
                    txn.addFailure(RequestOp.newBuilder().setRequestPut(kv.put(key)));
                }
            }
            default -> nest(txn, count);
        }
        return txn.build();
    }

    private void nest(TxnRequest.Builder txn, int count) {
        TxnRequest.Builder inner = TxnRequest.newBuilder();
        for (int i = 0; i < count - 2; i++) {
            inner.addSuccess(RequestOp.newBuilder().setRequestRange(kv.range()));
        }
        txn.addSuccess(RequestOp.newBuilder().setRequestTxn(inner));
        txn.addSuccess(RequestOp.newBuilder().setRequestRange(kv.range()));
    }
}
