package io.quorate.api.recipe;

import com.google.protobuf.ByteString;
import io.quorate.proto.Compare;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import java.util.Locale;

/** The requests about places in a queue: the keys {@code name/lease}, lease in hexadecimal, in the order of their creation. */
final class QueueKeys {

    private static final ByteString SEPARATOR = ByteString.copyFromUtf8("/");

    /** The byte behind the separator: where the keys below a name end. */
    private static final ByteString BEHIND_SEPARATOR = ByteString.copyFromUtf8("0");

    private QueueKeys() {}

    /** The key of a lease's place. */
    static ByteString key(ByteString name, long lease) {
        String sign = lease < 0 ? "-" : "";
        String digits = Long.toHexString(Math.abs(lease)).toLowerCase(Locale.ROOT);
        return first(name).concat(ByteString.copyFromUtf8(sign + digits));
    }

    /** Where the keys below a name begin. */
    static ByteString first(ByteString name) {
        return name.concat(SEPARATOR);
    }

    /** Where the keys below a name end, exclusively. */
    static ByteString end(ByteString name) {
        return name.concat(BEHIND_SEPARATOR);
    }

    /** The oldest place: the owner's. */
    static RangeRequest oldest(ByteString name) {
        return below(name).setSortOrder(RangeRequest.SortOrder.ASCEND).build();
    }

    /** The youngest of the keys older than a revision: the one right before it. */
    static RangeRequest before(ByteString name, long createRevision) {
        return below(name)
                .setSortOrder(RangeRequest.SortOrder.DESCEND)
                .setMaxCreateRevision(createRevision - 1)
                .build();
    }

    private static RangeRequest.Builder below(ByteString name) {
        return RangeRequest.newBuilder()
                .setKey(first(name))
                .setRangeEnd(end(name))
                .setSortTarget(RangeRequest.SortTarget.CREATE)
                .setLimit(1);
    }

    /** One key. */
    static RangeRequest single(ByteString key) {
        return RangeRequest.newBuilder().setKey(key).build();
    }

    /** Takes a place unless it is taken already, and reads the owner of the queue: place first, owner second. */
    static TxnRequest take(ByteString name, ByteString key, ByteString value, long lease) {
        RequestOp owner = RequestOp.newBuilder().setRequestRange(oldest(name)).build();
        return guarded(key, 0)
                .addSuccess(put(key, value, lease))
                .addSuccess(owner)
                .addFailure(RequestOp.newBuilder().setRequestRange(single(key)))
                .addFailure(owner)
                .build();
    }

    /** Changes the value of a place that is still the same. */
    static TxnRequest proclaim(ByteString key, long createRevision, ByteString value, long lease) {
        return guarded(key, createRevision).addSuccess(put(key, value, lease)).build();
    }

    /** Leaves a place that is still the same. */
    static TxnRequest leave(ByteString key, long createRevision) {
        return guarded(key, createRevision)
                .addSuccess(RequestOp.newBuilder()
                        .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key)))
                .build();
    }

    private static RequestOp put(ByteString key, ByteString value, long lease) {
        return RequestOp.newBuilder()
                .setRequestPut(
                        PutRequest.newBuilder().setKey(key).setValue(value).setLease(lease))
                .build();
    }

    private static TxnRequest.Builder guarded(ByteString key, long createRevision) {
        return TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setTarget(Compare.CompareTarget.CREATE)
                        .setResult(Compare.CompareResult.EQUAL)
                        .setKey(key)
                        .setCreateRevision(createRevision));
    }
}
