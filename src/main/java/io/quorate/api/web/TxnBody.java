package io.quorate.api.web;

import com.google.protobuf.ByteString;
import io.quorate.proto.Compare;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A transaction as JSON: if all comparisons hold, the operations of {@code success}, otherwise those of {@code failure}.
 */
record TxnBody(
        @Nullable List<Comparison> compare,
        @Nullable List<Operation> success,
        @Nullable List<Operation> failure) {

    /** As a request; {@code at} is where this stands in the body, in front of the names of its fields. */
    TxnRequest request(String at) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        List<Comparison> comparisons = listed(compare);
        for (int i = 0; i < comparisons.size(); i++) {
            txn.addCompare(there(comparisons.get(i), at + "compare[" + i + "]").compare(at + "compare[" + i + "]."));
        }
        List<Operation> first = listed(success);
        for (int i = 0; i < first.size(); i++) {
            txn.addSuccess(there(first.get(i), at + "success[" + i + "]").operation(at + "success[" + i + "]."));
        }
        List<Operation> second = listed(failure);
        for (int i = 0; i < second.size(); i++) {
            txn.addFailure(there(second.get(i), at + "failure[" + i + "]").operation(at + "failure[" + i + "]."));
        }
        return txn.build();
    }

    private static <T> List<T> listed(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static <T> T there(@Nullable T part, String field) {
        if (part == null) {
            throw Problem.field(field, "missing");
        }
        return part;
    }

    private static ByteString key(@Nullable String key, @Nullable String encoding, String at) {
        return ByteText.bytes(there(key, at + "key"), encoding, at + "key");
    }

    /**
     * A comparison.
     *
     * @param prefix whether it must hold for all keys that begin so
     * @param target what of the key: exists, version, create_revision, mod_revision, value or lease
     * @param op one of =, !=, &lt; and &gt;; null means =
     * @param value what it is compared with: true or false, a number, a text, or a lease in hexadecimal
     */
    record Comparison(
            @Nullable String key,
            @Nullable String keyEncoding,
            boolean prefix,
            @Nullable String target,
            @Nullable String op,
            @Nullable JsonNode value,
            @Nullable String encoding) {

        Compare compare(String at) {
            ByteString bytes = TxnBody.key(key, keyEncoding, at);
            Compare.Builder compare = Compare.newBuilder().setKey(bytes).setResult(result(at));
            if (prefix) {
                compare.setKey(KeyPage.first(bytes)).setRangeEnd(ByteText.prefixEnd(bytes));
            }
            switch (target == null ? "" : target) {
                case "exists" -> exists(compare, at);
                case "version" ->
                    compare.setTarget(Compare.CompareTarget.VERSION).setVersion(number(at));
                case "create_revision" ->
                    compare.setTarget(Compare.CompareTarget.CREATE).setCreateRevision(number(at));
                case "mod_revision" ->
                    compare.setTarget(Compare.CompareTarget.MOD).setModRevision(number(at));
                case "value" ->
                    compare.setTarget(Compare.CompareTarget.VALUE)
                            .setValue(ByteText.bytes(text(at), encoding, at + "value"));
                case "lease" ->
                    compare.setTarget(Compare.CompareTarget.LEASE).setLease(Parameters.id(at + "value", text(at)));
                default ->
                    throw Problem.field(
                            at + "target", "one of exists, version, create_revision, mod_revision, value, lease");
            }
            return compare.build();
        }

        private Compare.CompareResult result(String at) {
            return switch (op == null ? "=" : op) {
                case "=" -> Compare.CompareResult.EQUAL;
                case "!=" -> Compare.CompareResult.NOT_EQUAL;
                case "<" -> Compare.CompareResult.LESS;
                case ">" -> Compare.CompareResult.GREATER;
                default -> throw Problem.field(at + "op", "one of =, !=, <, >");
            };
        }

        /** A key that is not there has version 0. */
        private void exists(Compare.Builder compare, String at) {
            JsonNode wanted = there(value, at + "value");
            if (!wanted.isBoolean() || op != null) {
                throw Problem.field(at + "value", "true or false, without op");
            }
            compare.setTarget(Compare.CompareTarget.VERSION)
                    .setResult(wanted.asBoolean() ? Compare.CompareResult.GREATER : Compare.CompareResult.EQUAL)
                    .setVersion(0);
        }

        private long number(String at) {
            JsonNode number = there(value, at + "value");
            if (!number.isIntegralNumber() || !number.canConvertToLong()) {
                throw Problem.field(at + "value", "not a whole number");
            }
            return number.asLong();
        }

        private String text(String at) {
            JsonNode text = there(value, at + "value");
            if (!text.isString()) {
                throw Problem.field(at + "value", "not a text");
            }
            return text.asString();
        }
    }

    /** One of four operations. */
    record Operation(
            @Nullable Put put,
            @Nullable Get get,
            @Nullable Delete delete,
            @Nullable TxnBody txn) {

        RequestOp operation(String at) {
            if (Stream.of(put, get, delete, txn).filter(part -> part != null).count() != 1) {
                throw Problem.field(at.substring(0, at.length() - 1), "exactly one of put, get, delete, txn");
            }
            RequestOp.Builder operation = RequestOp.newBuilder();
            if (put != null) {
                return operation.setRequestPut(put.request(at + "put.")).build();
            }
            if (get != null) {
                return operation.setRequestRange(get.request(at + "get.")).build();
            }
            return delete != null
                    ? operation
                            .setRequestDeleteRange(delete.request(at + "delete."))
                            .build()
                    : operation
                            .setRequestTxn(there(txn, at).request(at + "txn."))
                            .build();
        }
    }

    /** Writes a key. */
    record Put(
            @Nullable String key,
            @Nullable String keyEncoding,
            @Nullable JsonNode value,
            @Nullable String encoding,
            @Nullable String lease,
            boolean keepLease,
            boolean previous) {

        PutRequest request(String at) {
            return PutRequest.newBuilder()
                    .setKey(TxnBody.key(key, keyEncoding, at))
                    .setValue(NewValue.bytes(value, encoding, at + "value"))
                    .setLease(Parameters.id(at + "lease", lease))
                    .setIgnoreLease(keepLease)
                    .setPrevKv(previous)
                    .build();
        }
    }

    /** Reads a key, or those that begin with it. */
    record Get(
            @Nullable String key,
            @Nullable String keyEncoding,
            boolean prefix,
            int limit,
            long revision,
            boolean keysOnly,
            boolean countOnly) {

        RangeRequest request(String at) {
            ByteString bytes = TxnBody.key(key, keyEncoding, at);
            RangeRequest.Builder range = RangeRequest.newBuilder()
                    .setKey(bytes)
                    .setLimit(Parameters.within(
                            at + "limit", limit == 0 ? KeyPage.LIMIT_USUAL : limit, 1, KeyPage.LIMIT_MAX))
                    .setRevision(Parameters.notNegative(at + "revision", revision))
                    .setKeysOnly(keysOnly)
                    .setCountOnly(countOnly);
            return prefix
                    ? range.setKey(KeyPage.first(bytes))
                            .setRangeEnd(ByteText.prefixEnd(bytes))
                            .build()
                    : range.build();
        }
    }

    /** Deletes a key, or those that begin with it. */
    record Delete(@Nullable String key, @Nullable String keyEncoding, boolean prefix, boolean previous) {

        DeleteRangeRequest request(String at) {
            ByteString bytes = TxnBody.key(key, keyEncoding, at);
            DeleteRangeRequest.Builder delete =
                    DeleteRangeRequest.newBuilder().setKey(bytes).setPrevKv(previous);
            return prefix
                    ? delete.setKey(KeyPage.first(bytes))
                            .setRangeEnd(ByteText.prefixEnd(bytes))
                            .build()
                    : delete.build();
        }
    }
}
