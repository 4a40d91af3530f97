package io.quorate.sim.member;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.linearizability.Answer;
import io.quorate.linearizability.Command;
import io.quorate.linearizability.Command.CompareAndSwap;
import io.quorate.linearizability.Command.Put;
import io.quorate.linearizability.Command.Read;
import io.quorate.linearizability.Command.Txn;
import io.quorate.mvcc.MvccStore;
import io.quorate.mvcc.RangeQuery;
import io.quorate.proto.Compare;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.PutResponse;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.RequestOp;
import io.quorate.proto.ResponseOp;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.TxnResponse;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Commands of the histories as etcd's requests, and its responses as answers. */
final class Requests {

    private Requests() {}

    static InternalRaftRequest.Builder of(Command command) {
        InternalRaftRequest.Builder request = InternalRaftRequest.newBuilder();
        return switch (command) {
            case Read _ -> throw new IllegalArgumentException("a read does not go through the log");
            case Put(String key, long value) -> request.setPut(put(key, value).setPrevKv(true));
            case CompareAndSwap(String key, long expected, long value) ->
                request.setTxn(txn(command, Map.of(key, expected), Map.of(key, value)));
            case Txn(Map<String, Long> expected, Map<String, Long> writes) ->
                request.setTxn(txn(command, expected, writes));
        };
    }

    /** Both branches read first, so that every answer shows what was there before. */
    private static TxnRequest txn(Command command, Map<String, Long> expected, Map<String, Long> writes) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        expected.forEach((key, value) -> txn.addCompare(compare(key, value)));
        for (String key : command.keys()) {
            RequestOp range = RequestOp.newBuilder()
                    .setRequestRange(RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)))
                    .build();
            txn.addSuccess(range).addFailure(range);
        }
        writes.forEach((key, value) -> txn.addSuccess(RequestOp.newBuilder().setRequestPut(put(key, value))));
        return txn.build();
    }

    private static Compare.Builder compare(String key, long value) {
        Compare.Builder compare =
                Compare.newBuilder().setKey(ByteString.copyFromUtf8(key)).setResult(Compare.CompareResult.EQUAL);
        return value == 0
                ? compare.setTarget(Compare.CompareTarget.VERSION).setVersion(0)
                : compare.setTarget(Compare.CompareTarget.VALUE).setValue(text(value));
    }

    static PutRequest.Builder put(String key, long value) {
        return PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).setValue(text(value));
    }

    private static ByteString text(long value) {
        return ByteString.copyFromUtf8(Long.toString(value));
    }

    static Answer answer(Command command, Message response) {
        return switch (response) {
            case PutResponse put -> new Answer(true, before(command, List.of(put.getPrevKv())));
            case TxnResponse txn ->
                new Answer(
                        txn.getSucceeded(),
                        before(
                                command,
                                txn.getResponsesList().stream()
                                        .filter(ResponseOp::hasResponseRange)
                                        .map(ResponseOp::getResponseRange)
                                        .map(RangeResponse::getKvsList)
                                        .flatMap(List::stream)
                                        .toList()));
            default -> throw new AssertionError("unexpected " + response);
        };
    }

    /** The local state's answer to a read that may be answered from it. */
    static Answer read(MvccStore store, Read read) {
        RangeQuery query = RangeQuery.of(KeyRange.single(Bytes.utf8(read.key())));
        return new Answer(true, before(read, store.range(query).kvs()));
    }

    private static Map<String, Long> before(Command command, List<KeyValue> records) {
        Map<String, Long> before = new HashMap<>();
        command.keys().forEach(key -> before.put(key, 0L));
        for (KeyValue record : records) {
            if (!record.getKey().isEmpty()) {
                before.put(
                        record.getKey().toStringUtf8(),
                        Long.parseLong(record.getValue().toStringUtf8()));
            }
        }
        return before;
    }
}
