package io.quorate.integration.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.quorate.fixture.Http1Transport;
import io.quorate.fixture.RawMarshaller;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.DowngradeRequest;
import io.quorate.proto.HashKVRequest;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.MemberPromoteRequest;
import io.quorate.proto.MemberUpdateRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.StatusRequest;
import io.quorate.proto.StatusResponse;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.v3electionpb.ProclaimRequest;
import io.quorate.proto.v3electionpb.ResignRequest;
import io.quorate.proto.v3lockpb.UnlockRequest;
import io.quorate.raft.EntryType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * No request of any client or peer ends a member: random messages of every call that writes go in by gRPC, JSON and the peer
 * port; then all members live, agree, and come back after a restart. {@code -Dfuzz.messages=100000 -Dfuzz.seed=7} sets how many.
 */
class FuzzIT {

    private static final int MESSAGES = Integer.getInteger("fuzz.messages", 1_500);
    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int DEEPEST = 300;

    private record Rpc(String method, String path, Descriptor request) {}

    private static final List<Rpc> RPCS = List.of(
            new Rpc("etcdserverpb.KV/Put", "/v3/kv/put", PutRequest.getDescriptor()),
            new Rpc("etcdserverpb.KV/DeleteRange", "/v3/kv/deleterange", DeleteRangeRequest.getDescriptor()),
            new Rpc("etcdserverpb.KV/Txn", "/v3/kv/txn", TxnRequest.getDescriptor()),
            new Rpc("etcdserverpb.KV/Txn", "/v3/kv/txn", TxnRequest.getDescriptor()),
            new Rpc("etcdserverpb.KV/Compact", "/v3/kv/compaction", CompactionRequest.getDescriptor()),
            new Rpc("etcdserverpb.Lease/LeaseGrant", "/v3/lease/grant", LeaseGrantRequest.getDescriptor()),
            new Rpc("etcdserverpb.Lease/LeaseRevoke", "/v3/lease/revoke", LeaseRevokeRequest.getDescriptor()),
            new Rpc("etcdserverpb.Maintenance/Alarm", "/v3/maintenance/alarm", AlarmRequest.getDescriptor()),
            new Rpc(
                    "etcdserverpb.Maintenance/Downgrade",
                    "/v3/maintenance/downgrade",
                    DowngradeRequest.getDescriptor()),
            new Rpc(
                    "etcdserverpb.Cluster/MemberUpdate",
                    "/v3/cluster/member/update",
                    MemberUpdateRequest.getDescriptor()),
            new Rpc(
                    "etcdserverpb.Cluster/MemberPromote",
                    "/v3/cluster/member/promote",
                    MemberPromoteRequest.getDescriptor()),
            new Rpc("v3electionpb.Election/Proclaim", "/v3/election/proclaim", ProclaimRequest.getDescriptor()),
            new Rpc("v3electionpb.Election/Resign", "/v3/election/resign", ResignRequest.getDescriptor()),
            new Rpc("v3lockpb.Lock/Unlock", "/v3/lock/unlock", UnlockRequest.getDescriptor()));

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    private final RandomMessages messages = new RandomMessages(random);
    private final List<ForgedPeer> forged = new ArrayList<>();
    private TestCluster cluster;

    @BeforeEach
    void start() {
        cluster = new TestCluster(3, Map.of("quota-backend-bytes", "8589934592"));
        assumeThat(cluster.members().getFirst().isQuorate()).isTrue();
        cluster.start();
        for (TestMember member : cluster.members()) {
            StatusResponse status = cluster.status(member);
            forged.add(new ForgedPeer(
                    member,
                    status.getHeader().getClusterId(),
                    status.getHeader().getMemberId()));
        }
        await().atMost(LIMIT).until(() -> forged.stream().allMatch(ForgedPeer::isConnected));
    }

    @AfterEach
    void stop() {
        forged.forEach(ForgedPeer::close);
        cluster.close();
    }

    @Test
    void membersWhenAnythingIsAskedOfThemLiveAgreeAndComeBack() {
        try (Http1Transport http =
                new Http1Transport(cluster.members().getFirst().clientUrl())) {
            for (int i = 0; i < MESSAGES; i++) {
                step(http);
                if (i % 500 == 499) {
                    disarm();
                    assertThat(cluster.running())
                            .as("seed %s, %s messages\n%s", SEED, i, cluster.logTails())
                            .hasSize(3);
                }
            }
        }
        nestedOnEveryDepth();
        disarm();
        agree();
        cluster.members().forEach(TestMember::kill);
        cluster.members().forEach(TestMember::launch);
        cluster.members().forEach(TestMember::awaitReady);
        agree();
        cluster.grpc(cluster.members().getFirst()).put("after", "all");
    }

    private void step(Http1Transport http) {
        Rpc rpc = RPCS.get(random.nextInt(RPCS.size()));
        Message request = messages.of(rpc.request());
        switch (random.nextInt(4)) {
            case 0, 1 -> call(anyMember(), rpc.method(), request.toByteArray());
            case 2 -> http.send("POST", rpc.path(), json(request));
            default -> forge();
        }
    }

    /** A proposal that is a request, nearly one, or noise. */
    private void forge() {
        byte[] data = switch (random.nextInt(4)) {
            case 0 -> noise();
            case 1 -> messages.of(InternalRaftRequest.getDescriptor()).toByteArray();
            case 2 -> broken(messages.of(InternalRaftRequest.getDescriptor()).toByteArray());
            default -> nested(random.nextInt(DEEPEST)).toByteArray();
        };
        EntryType type = random.nextInt(4) == 0 ? EntryType.CONF_CHANGE_V2 : EntryType.NORMAL;
        byte[] proposed = type == EntryType.NORMAL ? data : noise();
        forged.get(random.nextInt(forged.size())).propose(type, proposed);
    }

    private byte[] noise() {
        byte[] noise = new byte[random.nextInt(40)];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] broken(byte[] message) {
        if (message.length > 0) {
            message[random.nextInt(message.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return message;
    }

    private TestMember anyMember() {
        return cluster.members().get(random.nextInt(cluster.members().size()));
    }

    /** Whatever the answer is; that there is one is all that counts. */
    private void call(TestMember member, String method, byte[] request) {
        MethodDescriptor<byte[], byte[]> descriptor = MethodDescriptor.newBuilder(
                        RawMarshaller.INSTANCE, RawMarshaller.INSTANCE)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(method)
                .build();
        CallOptions limited = CallOptions.DEFAULT.withDeadlineAfter(LIMIT.toSeconds(), TimeUnit.SECONDS);
        try {
            byte[] unused = ClientCalls.blockingUnaryCall(cluster.grpc(member).channel(), descriptor, limited, request);
        } catch (StatusRuntimeException refused) {
            assertThat(refused.getStatus().getCode())
                    .as("%s %s", method, refused)
                    .isNotIn(io.grpc.Status.Code.DEADLINE_EXCEEDED, io.grpc.Status.Code.CANCELLED);
        }
    }

    private static String json(Message request) {
        try {
            return JsonFormat.printer().preservingProtoFieldNames().print(request);
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private void nestedOnEveryDepth() {
        for (int depth = 0; depth < DEEPEST; depth++) {
            call(anyMember(), "etcdserverpb.KV/Txn", nested(depth).toByteArray());
        }
    }

    /** A put in so many transactions. */
    private static TxnRequest nested(int depth) {
        RequestOp put = RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("deep")))
                .build();
        TxnRequest txn = TxnRequest.newBuilder().addSuccess(put).build();
        for (int level = 0; level < depth; level++) {
            txn = TxnRequest.newBuilder()
                    .addSuccess(RequestOp.newBuilder().setRequestTxn(txn))
                    .build();
        }
        return txn;
    }

    /** Alarms that were raised on the way would refuse all that follows. */
    private void disarm() {
        TestMember member = cluster.members().getFirst();
        var active = cluster.grpc(member).maintenance().alarm(AlarmRequest.getDefaultInstance());
        active.getAlarmsList()
                .forEach(alarm -> call(
                        member,
                        "etcdserverpb.Maintenance/Alarm",
                        AlarmRequest.newBuilder()
                                .setAction(AlarmRequest.AlarmAction.DEACTIVATE)
                                .setMemberID(alarm.getMemberID())
                                .setAlarmValue(alarm.getAlarmValue())
                                .build()
                                .toByteArray()));
    }

    private void agree() {
        cluster.members().forEach(cluster::awaitCaughtUp);
        long revision = cluster.status(cluster.leader()).getHeader().getRevision();
        HashKVRequest all = HashKVRequest.newBuilder().setRevision(revision).build();
        List<Integer> hashes = cluster.members().stream()
                .map(member -> cluster.grpc(member).maintenance().hashKV(all).getHash())
                .distinct()
                .toList();
        assertThat(hashes).as("seed %s", SEED).hasSize(1);
        assertThat(cluster.members().stream()
                        .map(member -> cluster.grpc(member)
                                .maintenance()
                                .status(StatusRequest.getDefaultInstance())
                                .getHeader()
                                .getRevision())
                        .distinct())
                .hasSize(1);
    }
}
