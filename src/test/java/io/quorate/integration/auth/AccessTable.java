package io.quorate.integration.auth;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.Compare;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseGrpc;
import io.quorate.proto.LeaseKeepAliveRequest;
import io.quorate.proto.LeaseLeasesRequest;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.LeaseTimeToLiveRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.history.ChangesRequest;
import io.quorate.proto.history.HistoryGrpc;
import io.quorate.proto.v3electionpb.CampaignRequest;
import io.quorate.proto.v3electionpb.ElectionGrpc;
import io.quorate.proto.v3electionpb.LeaderKey;
import io.quorate.proto.v3electionpb.LeaderRequest;
import io.quorate.proto.v3electionpb.ProclaimRequest;
import io.quorate.proto.v3electionpb.ResignRequest;
import io.quorate.proto.v3lockpb.LockGrpc;
import io.quorate.proto.v3lockpb.LockRequest;
import io.quorate.proto.v3lockpb.UnlockRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Who may call what. One letter for each {@link Caller}, in their order: {@code y} for permitted, {@code e} for "user name is empty",
 * {@code t} for a bad token, {@code d} for denied. Checked against etcd 3.7.1 by {@code -Dquorate.it.target=etcd}.
 */
final class AccessTable {

    static final ByteString KEY = ByteString.copyFromUtf8("k");
    private static final ByteString KEY_END = ByteString.copyFromUtf8("l");
    private static final ByteString OPEN = ByteString.copyFrom(new byte[1]);

    static final String EVERYBODY = "yyyyyyyy";
    /** Nobody looks at a token. */
    static final String ALL_BUT_BAD_TOKENS = "ytyyyyyy";

    static final String USERS = "etyyyyyy";
    private static final String READERS = "etdyyyyy";
    private static final String READERS_OF_RANGE = "etdydyyy";
    private static final String WRITERS = "etddyyyy";
    private static final String WRITERS_OF_RANGE = "etdddyyy";
    static final String ROOT = "etddddyd";

    /**
     * One call.
     *
     * @param request makes what is asked, new for each caller
     * @param verdicts one letter for each caller
     */
    record Row(
            MethodDescriptor<? extends Message, ? extends Message> method,
            String variant,
            Function<Scene, Message> request,
            String verdicts) {

        Verdict verdict(Caller caller) {
            return Verdict.of(verdicts.charAt(caller.ordinal()));
        }

        @Override
        public String toString() {
            return method.getFullMethodName() + " " + variant;
        }
    }

    /** What is there for a request to be about. */
    interface Scene {

        /** A lease that the key {@code k} hangs on. */
        long lease();

        /** A name for a lock or an election that begins with {@code k} and was not used before. */
        ByteString freshName();

        /** A leader of an election, whose name begins with {@code k}. */
        LeaderKey leader();

        /** A URL of a member. */
        String memberUrl();
    }

    private final List<Row> rows = new ArrayList<>();

    private void history() {
        row(
                HistoryGrpc.getChangesMethod(),
                "",
                READERS,
                scene -> ChangesRequest.newBuilder().setKey(KEY).build());
        row(
                HistoryGrpc.getChangesMethod(),
                "serializable",
                READERS,
                scene -> ChangesRequest.newBuilder()
                        .setKey(KEY)
                        .setSerializable(true)
                        .build());
    }

    static List<Row> rows() {
        AccessTable table = new AccessTable();
        table.keys();
        table.transactions();
        table.leases();
        table.recipes();
        table.history();
        new AdminTable(table).rows();
        return table.rows;
    }

    void row(
            MethodDescriptor<? extends Message, ? extends Message> method,
            String variant,
            String verdicts,
            Function<Scene, Message> request) {
        rows.add(new Row(method, variant, request, verdicts));
    }

    private static RangeRequest.Builder range() {
        return RangeRequest.newBuilder().setKey(KEY);
    }

    private static PutRequest.Builder put() {
        return PutRequest.newBuilder().setKey(KEY);
    }

    private static DeleteRangeRequest.Builder delete() {
        return DeleteRangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("kk"));
    }

    private void keys() {
        row(KVGrpc.getRangeMethod(), "of a key", READERS, scene -> range().build());
        row(
                KVGrpc.getRangeMethod(),
                "of an old revision",
                READERS,
                scene -> range().setRevision(2).build());
        row(
                KVGrpc.getRangeMethod(),
                "serializable",
                READERS,
                scene -> range().setSerializable(true).build());
        row(
                KVGrpc.getRangeMethod(),
                "count",
                READERS,
                scene -> range().setCountOnly(true).build());
        row(
                KVGrpc.getRangeMethod(),
                "of a range",
                READERS_OF_RANGE,
                scene -> range().setRangeEnd(KEY_END).build());
        row(
                KVGrpc.getRangeMethod(),
                "of all",
                "etdyddyd",
                scene -> range().setKey(OPEN).setRangeEnd(OPEN).build());
        row(
                KVGrpc.getRangeStreamMethod(),
                "of a range",
                READERS_OF_RANGE,
                scene -> range().setRangeEnd(KEY_END).build());
        row(KVGrpc.getPutMethod(), "", WRITERS, scene -> put().build());
        row(
                KVGrpc.getPutMethod(),
                "showing what was",
                WRITERS,
                scene -> put().setPrevKv(true).build());
        row(
                KVGrpc.getPutMethod(),
                "with a lease",
                WRITERS,
                scene -> put().setLease(scene.lease()).build());
        row(KVGrpc.getDeleteRangeMethod(), "of a key", WRITERS_OF_RANGE, scene -> delete().build());
        row(
                KVGrpc.getDeleteRangeMethod(),
                "of a range",
                WRITERS_OF_RANGE,
                scene -> delete().setRangeEnd(KEY_END).setPrevKv(true).build());
        row(
                KVGrpc.getCompactMethod(),
                "",
                ROOT,
                scene -> CompactionRequest.newBuilder().setRevision(1).build());
        row(
                WatchGrpc.getWatchMethod(),
                "of a key",
                READERS,
                scene -> watch(WatchCreateRequest.newBuilder().setKey(KEY)));
        row(
                WatchGrpc.getWatchMethod(),
                "of history",
                READERS_OF_RANGE,
                scene -> watch(WatchCreateRequest.newBuilder()
                        .setKey(KEY)
                        .setRangeEnd(KEY_END)
                        .setStartRevision(2)));
    }

    private static Message watch(WatchCreateRequest.Builder create) {
        return WatchRequest.newBuilder().setCreateRequest(create).build();
    }

    private void transactions() {
        row(KVGrpc.getTxnMethod(), "empty", ALL_BUT_BAD_TOKENS, scene -> TxnRequest.getDefaultInstance());
        row(
                KVGrpc.getTxnMethod(),
                "that reads",
                READERS,
                scene -> TxnRequest.newBuilder()
                        .addSuccess(RequestOp.newBuilder().setRequestRange(range()))
                        .build());
        row(
                KVGrpc.getTxnMethod(),
                "that compares",
                READERS,
                scene -> TxnRequest.newBuilder()
                        .addCompare(Compare.newBuilder().setKey(KEY))
                        .build());
        row(
                KVGrpc.getTxnMethod(),
                "that would write in its other branch",
                WRITERS,
                scene -> TxnRequest.newBuilder()
                        .addFailure(RequestOp.newBuilder().setRequestPut(put()))
                        .build());
        row(
                KVGrpc.getTxnMethod(),
                "that would read a range in its other branch",
                READERS_OF_RANGE,
                scene -> TxnRequest.newBuilder()
                        .addFailure(RequestOp.newBuilder().setRequestRange(range().setRangeEnd(KEY_END)))
                        .build());
        row(
                KVGrpc.getTxnMethod(),
                "with a nested one",
                WRITERS_OF_RANGE,
                scene -> TxnRequest.newBuilder()
                        .addSuccess(RequestOp.newBuilder()
                                .setRequestTxn(TxnRequest.newBuilder()
                                        .addFailure(RequestOp.newBuilder().setRequestDeleteRange(delete()))))
                        .build());
    }

    private void leases() {
        row(
                LeaseGrpc.getLeaseGrantMethod(),
                "",
                USERS,
                scene -> LeaseGrantRequest.newBuilder().setTTL(100).build());
        row(
                LeaseGrpc.getLeaseKeepAliveMethod(),
                "",
                WRITERS,
                scene -> LeaseKeepAliveRequest.newBuilder().setID(scene.lease()).build());
        row(
                LeaseGrpc.getLeaseTimeToLiveMethod(),
                "",
                USERS,
                scene ->
                        LeaseTimeToLiveRequest.newBuilder().setID(scene.lease()).build());
        row(
                LeaseGrpc.getLeaseTimeToLiveMethod(),
                "with keys",
                READERS,
                scene -> LeaseTimeToLiveRequest.newBuilder()
                        .setID(scene.lease())
                        .setKeys(true)
                        .build());
        row(LeaseGrpc.getLeaseLeasesMethod(), "", READERS, scene -> {
            scene.lease();
            return LeaseLeasesRequest.getDefaultInstance();
        });
        row(
                LeaseGrpc.getLeaseRevokeMethod(),
                "",
                WRITERS,
                scene -> LeaseRevokeRequest.newBuilder().setID(scene.lease()).build());
    }

    private void recipes() {
        row(
                LockGrpc.getLockMethod(),
                "",
                WRITERS_OF_RANGE,
                scene -> LockRequest.newBuilder().setName(scene.freshName()).build());
        row(
                LockGrpc.getUnlockMethod(),
                "",
                WRITERS_OF_RANGE,
                scene -> UnlockRequest.newBuilder().setKey(scene.freshName()).build());
        row(
                ElectionGrpc.getCampaignMethod(),
                "",
                WRITERS_OF_RANGE,
                scene -> CampaignRequest.newBuilder().setName(scene.freshName()).build());
        row(
                ElectionGrpc.getProclaimMethod(),
                "",
                WRITERS_OF_RANGE,
                scene -> ProclaimRequest.newBuilder().setLeader(scene.leader()).build());
        row(
                ElectionGrpc.getLeaderMethod(),
                "",
                READERS_OF_RANGE,
                scene -> LeaderRequest.newBuilder()
                        .setName(scene.leader().getName())
                        .build());
        row(
                ElectionGrpc.getObserveMethod(),
                "",
                READERS_OF_RANGE,
                scene -> LeaderRequest.newBuilder()
                        .setName(scene.leader().getName())
                        .build());
        row(
                ElectionGrpc.getResignMethod(),
                "",
                WRITERS_OF_RANGE,
                scene -> ResignRequest.newBuilder().setLeader(scene.leader()).build());
    }
}
