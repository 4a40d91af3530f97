package io.quorate.apply;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.mvcc.KeyReader.RecordMeter;
import io.quorate.mvcc.RangeQuery;
import io.quorate.mvcc.RangeQuery.RangeResult;
import io.quorate.mvcc.RangeQuery.SortOrder;
import io.quorate.mvcc.RangeQuery.SortTarget;
import io.quorate.mvcc.RecordList;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.ResponseHeader;

/** Between the wire's range and the store's. */
public final class RangeQueries {

    private RangeQueries() {}

    /** The keys that a pair of key and range end stands for. */
    public static KeyRange range(ByteString key, ByteString rangeEnd) {
        return KeyRange.of(bytes(key), bytes(rangeEnd));
    }

    /** One copy: the index keeps the array. */
    public static Bytes bytes(ByteString wire) {
        return Bytes.wrap(wire.toByteArray());
    }

    /** The query; enum values that the wire does not know were refused at the edge. */
    public static RangeQuery query(RangeRequest request) {
        return query(request, RecordMeter.NONE);
    }

    /** Same, with a meter for what is read. */
    public static RangeQuery query(RangeRequest request, RecordMeter meter) {
        return RangeQuery.builder(range(request.getKey(), request.getRangeEnd()))
                .revision(request.getRevision())
                .limit(request.getLimit())
                .order(order(request.getSortOrder()))
                .target(target(request.getSortTarget()))
                .keysOnly(request.getKeysOnly())
                .countOnly(request.getCountOnly())
                .minModRevision(request.getMinModRevision())
                .maxModRevision(request.getMaxModRevision())
                .minCreateRevision(request.getMinCreateRevision())
                .maxCreateRevision(request.getMaxCreateRevision())
                .meter(meter)
                .build();
    }

    /** How the result of a range becomes a response: {@link #response} or {@link #encoded}. */
    @FunctionalInterface
    public interface Form {
        RangeResponse of(RangeResult result, ResponseHeader header);
    }

    /** The response to a range, for a caller inside this member. */
    public static RangeResponse response(RangeResult result, ResponseHeader header) {
        return RangeResponse.newBuilder()
                .setHeader(header)
                .addAllKvs(result.kvs())
                .setCount(result.count())
                .setMore(result.more())
                .build();
    }

    /**
     * The response to a range, for the wire. It is encoded as {@link #response} is, byte for byte, but has the records as they are
     * stored, as fields that are not parsed: its getters tell nothing but the header.
     */
    public static RangeResponse encoded(RangeResult result, ResponseHeader header) {
        UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();
        addRecords(result.kvs(), fields);
        if (result.more()) {
            fields.mergeVarintField(RangeResponse.MORE_FIELD_NUMBER, 1);
        }
        if (result.count() != 0) {
            fields.addField(
                    RangeResponse.COUNT_FIELD_NUMBER,
                    UnknownFieldSet.Field.newBuilder().addVarint(result.count()).build());
        }
        return RangeResponse.newBuilder()
                .setHeader(header)
                .setUnknownFields(fields.build())
                .build();
    }

    /** Records as the field of a response that has them, not parsed. */
    public static void addRecords(RecordList records, UnknownFieldSet.Builder fields) {
        if (!records.isEmpty()) {
            UnknownFieldSet.Field.Builder encoded = UnknownFieldSet.Field.newBuilder();
            for (int i = 0; i < records.size(); i++) {
                encoded.addLengthDelimited(records.encoded(i));
            }
            fields.addField(RangeResponse.KVS_FIELD_NUMBER, encoded.build());
        }
    }

    private static SortOrder order(RangeRequest.SortOrder order) {
        return switch (order) {
            case NONE, UNRECOGNIZED -> SortOrder.NONE;
            case ASCEND -> SortOrder.ASCEND;
            case DESCEND -> SortOrder.DESCEND;
        };
    }

    private static SortTarget target(RangeRequest.SortTarget target) {
        return switch (target) {
            case KEY, UNRECOGNIZED -> SortTarget.KEY;
            case VERSION -> SortTarget.VERSION;
            case CREATE -> SortTarget.CREATE;
            case MOD -> SortTarget.MOD;
            case VALUE -> SortTarget.VALUE;
        };
    }
}
