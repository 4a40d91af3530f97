package io.quorate.apply;

import com.google.protobuf.ByteString;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.mvcc.KeyMeta;
import io.quorate.mvcc.KeyReader;
import io.quorate.mvcc.RangeQuery;
import io.quorate.proto.Compare;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.List;

/**
 * Evaluates the comparisons of a transaction on the state before it (docs/etcd-v3.md, section 2.4). A missing key compares as a
 * record of zeros, except that a comparison of its value is false whatever it asks.
 */
final class Compares {

    private Compares() {}

    /** Whether all hold. */
    static boolean hold(List<Compare> compares, KeyReader state) {
        for (Compare compare : compares) {
            if (!holds(compare, state)) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(Compare compare, KeyReader state) {
        if (compare.getTarget() == Compare.CompareTarget.VALUE) {
            return valuesHold(compare, state);
        }
        if (compare.getRangeEnd().isEmpty()) {
            KeyMeta meta = state.meta(RangeQueries.bytes(compare.getKey()));
            return metaHolds(compare, meta == null ? KeyMeta.ABSENT : meta);
        }
        return rangeHolds(compare, state);
    }

    private static boolean rangeHolds(Compare compare, KeyReader state) {
        boolean[] found = {false, true};
        state.forEachMeta(RangeQueries.range(compare.getKey(), compare.getRangeEnd()), (Bytes key, KeyMeta meta) -> {
            found[0] = true;
            found[1] = metaHolds(compare, meta);
            return found[1];
        });
        return found[0] ? found[1] : metaHolds(compare, KeyMeta.ABSENT);
    }

    private static boolean valuesHold(Compare compare, KeyReader state) {
        KeyRange range = RangeQueries.range(compare.getKey(), compare.getRangeEnd());
        List<KeyValue> kvs = state.range(RangeQuery.of(range)).kvs();
        if (kvs.isEmpty()) {
            return false;
        }
        ByteString wanted = compare.getValue();
        for (KeyValue kv : kvs) {
            int order = ByteString.unsignedLexicographicalComparator().compare(kv.getValue(), wanted);
            if (!matches(compare.getResult(), order)) {
                return false;
            }
        }
        return true;
    }

    private static boolean metaHolds(Compare compare, KeyMeta meta) {
        int order = switch (compare.getTarget()) {
            case VERSION -> Long.compare(meta.version(), compare.getVersion());
            case CREATE -> Long.compare(meta.createRevision(), compare.getCreateRevision());
            case MOD -> Long.compare(meta.modRevision(), compare.getModRevision());
            case LEASE -> Long.compare(meta.lease(), compare.getLease());
            case VALUE, UNRECOGNIZED -> 0;
        };
        return matches(compare.getResult(), order);
    }

    private static boolean matches(Compare.CompareResult wanted, int order) {
        return switch (wanted) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case GREATER -> order > 0;
            case LESS -> order < 0;
            case UNRECOGNIZED -> true;
        };
    }
}
