package io.quorate.rehearsal;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.quorate.proto.ClusterGrpc;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.Compare;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.MaintenanceGrpc;
import io.quorate.proto.MemberListRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.StatusRequest;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.TxnResponse;

/** Reads and writes of keys: plain ones, and the transactions by which Kubernetes creates, updates and deletes its objects. */
final class KeyCalls {

    private static final ByteString PREFIX = ByteString.copyFromUtf8("/rehearsal/");
    private static final ByteString PREFIX_END = ByteString.copyFromUtf8("/rehearsal0");
    private static final ByteString SMALL = ByteString.copyFrom(new byte[256]);
    private static final ByteString LARGE = ByteString.copyFrom(new byte[2048]);
    private static final int PAGE = 50;
    private static final int COMPACTION_ROUNDS = 100;

    private final KVGrpc.KVBlockingStub keys;
    private final MaintenanceGrpc.MaintenanceBlockingStub maintenance;
    private final ClusterGrpc.ClusterBlockingStub cluster;

    KeyCalls(Channel member) {
        keys = KVGrpc.newBlockingStub(member);
        maintenance = MaintenanceGrpc.newBlockingStub(member);
        cluster = ClusterGrpc.newBlockingStub(member);
    }

    /** @param lease of a key that is put; 0 for none */
    void round(int round, long lease) {
        ByteString plain = key("plain-" + round % PAGE);
        keys.put(PutRequest.newBuilder()
                .setKey(plain)
                .setValue(round % 2 == 0 ? SMALL : LARGE)
                .setLease(lease)
                .build());
        keys.range(RangeRequest.newBuilder().setKey(plain).build());
        keys.range(RangeRequest.newBuilder().setKey(plain).setSerializable(true).build());
        long revision = object(key("object-" + round));
        list(revision);
        if (round % COMPACTION_ROUNDS == COMPACTION_ROUNDS - 1) {
            keys.compact(
                    CompactionRequest.newBuilder().setRevision(revision - PAGE).build());
        }
        maintenance.status(StatusRequest.getDefaultInstance());
        if (round % 10 == 0) {
            cluster.memberList(MemberListRequest.getDefaultInstance());
        }
    }

    /** Creates, updates and deletes it, each if it is what the client saw last. */
    private long object(ByteString key) {
        long created = ifUnchanged(key, 0, put(key, SMALL)).getHeader().getRevision();
        long updated = ifUnchanged(key, created, put(key, LARGE)).getHeader().getRevision();
        ifUnchanged(key, created, put(key, SMALL)); // what another client would try: it is told the present state
        RequestOp delete = RequestOp.newBuilder()
                .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key))
                .build();
        return ifUnchanged(key, updated, delete).getHeader().getRevision();
    }

    private TxnResponse ifUnchanged(ByteString key, long revision, RequestOp then) {
        return keys.txn(TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setKey(key)
                        .setTarget(Compare.CompareTarget.MOD)
                        .setModRevision(revision))
                .addSuccess(then)
                .addFailure(RequestOp.newBuilder()
                        .setRequestRange(RangeRequest.newBuilder().setKey(key)))
                .build());
    }

    private static RequestOp put(ByteString key, ByteString value) {
        return RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(value))
                .build();
    }

    private void list(long revision) {
        RangeRequest all =
                RangeRequest.newBuilder().setKey(PREFIX).setRangeEnd(PREFIX_END).build();
        keys.range(all.toBuilder().setLimit(PAGE).setRevision(revision - 1).build());
        keys.range(all.toBuilder().setCountOnly(true).build());
        keys.range(all.toBuilder().setKeysOnly(true).build());
    }

    private static ByteString key(String name) {
        return PREFIX.concat(ByteString.copyFromUtf8(name));
    }
}
