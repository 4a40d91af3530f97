package io.quorate.integration.fault;

import com.google.protobuf.ByteString;
import io.quorate.linearizability.Answer;
import io.quorate.linearizability.Command;
import io.quorate.proto.Compare;
import io.quorate.proto.KVGrpc.KVBlockingStub;
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
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The commands of {@link Command} as calls of etcd's API: values as decimal text, 0 as a key that is not there. What a
 * command writes is written in the order of the keys.
 */
final class KvCalls {

    /**
     * What a member said.
     *
     * @param revision of the store, after the command
     */
    record Reply(Answer answer, long revision) {}

    private KvCalls() {}

    /**
     * Asks a member.
     *
     * @throws io.grpc.StatusRuntimeException if it refused or did not answer
     */
    static Reply perform(KVBlockingStub kv, Command command) {
        return switch (command) {
            case Command.Read read -> {
                RangeResponse response = kv.range(range(read.key()));
                yield new Reply(
                        new Answer(true, Map.of(read.key(), value(response.getKvsList()))),
                        response.getHeader().getRevision());
            }
            case Command.Put put -> {
                PutResponse response =
                        kv.put(put(put.key(), put.value()).setPrevKv(true).build());
                long before = response.hasPrevKv() ? value(List.of(response.getPrevKv())) : 0;
                yield new Reply(
                        new Answer(true, Map.of(put.key(), before)),
                        response.getHeader().getRevision());
            }
            case Command.CompareAndSwap swap -> transact(kv, swap);
            case Command.Txn txn -> transact(kv, txn);
        };
    }

    private static Reply transact(KVBlockingStub kv, Command command) {
        TxnRequest.Builder request = TxnRequest.newBuilder();
        command.expectations().forEach((key, value) -> request.addCompare(compare(key, value)));
        List<String> keys = List.copyOf(new TreeSet<>(command.keys()));
        for (String key : keys) {
            RequestOp read = RequestOp.newBuilder().setRequestRange(range(key)).build();
            request.addSuccess(read).addFailure(read);
        }
        new TreeMap<>(command.effects())
                .forEach((key, value) ->
                        request.addSuccess(RequestOp.newBuilder().setRequestPut(put(key, value))));
        TxnResponse response = kv.txn(request.build());
        Map<String, Long> before = new HashMap<>();
        for (int place = 0; place < keys.size(); place++) {
            ResponseOp read = response.getResponses(place);
            before.put(keys.get(place), value(read.getResponseRange().getKvsList()));
        }
        return new Reply(
                new Answer(response.getSucceeded(), before),
                response.getHeader().getRevision());
    }

    private static Compare compare(String key, long value) {
        Compare.Builder compare = Compare.newBuilder().setKey(ByteString.copyFromUtf8(key));
        return value == 0
                ? compare.setTarget(Compare.CompareTarget.VERSION).setVersion(0).build()
                : compare.setTarget(Compare.CompareTarget.VALUE)
                        .setValue(ByteString.copyFromUtf8(Long.toString(value)))
                        .build();
    }

    private static RangeRequest range(String key) {
        return RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build();
    }

    private static PutRequest.Builder put(String key, long value) {
        return PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8(Long.toString(value)));
    }

    private static long value(List<KeyValue> records) {
        return records.isEmpty()
                ? 0
                : Long.parseLong(records.getFirst().getValue().toStringUtf8());
    }
}
