package io.quorate.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.base.MessageDepth;
import io.quorate.membership.Member;
import io.quorate.membership.MemberJson;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.membershippb.DowngradeInfoSetRequest;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.confchange.ChangeType;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChange.MemberChange;
import io.quorate.raft.confchange.ConfChangeCodec;
import io.quorate.raft.confchange.Transition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogGateTests {

    private final LogGate gate = new LogGate(() -> "3.7.0");

    @Test
    void refusalWhenTheEntryIsARequestIsNone() {
        assertThat(gate.refusal(normal(put().toByteArray()))).isNull();
        assertThat(gate.refusal(normal(new byte[0]))).isNull();
    }

    @Test
    void refusalWhenTheEntryIsNoise() {
        assertThat(gate.refusal(normal(new byte[] {1, 2, 3}))).contains("no request");
    }

    @Test
    void refusalWhenTheEntryAsksForNothing() {
        assertThat(gate.refusal(
                        normal(InternalRaftRequest.newBuilder().setID(7).build().toByteArray())))
                .contains("unknown");
    }

    @Test
    void refusalWhenTheRequestIsNestedMoreDeeplyThanTheLogIsRead() {
        assertThat(gate.refusal(normal(nested(MessageDepth.REQUEST_MAX / 2 - 1))))
                .isNull();
        assertThat(gate.refusal(normal(nested(MessageDepth.ENTRY_MAX)))).contains("no request");
    }

    @Test
    void admitsWhenTheClusterIsOlderThanTheKindRefuses() {
        InternalRaftRequest downgrade = InternalRaftRequest.newBuilder()
                .setDowngradeInfoSet(DowngradeInfoSetRequest.getDefaultInstance())
                .build();
        assertThat(gate.admits(RequestKind.of(downgrade))).isTrue();
        assertThat(new LogGate(() -> "3.4.0").admits(RequestKind.of(downgrade))).isFalse();
        assertThat(new LogGate(() -> null).admits(RequestKind.of(downgrade))).isFalse();
        assertThat(new LogGate(() -> null).admits(RequestKind.of(put()))).isTrue();
        assertThat(new LogGate(() -> "3.4.0").refusal(normal(downgrade.toByteArray())))
                .contains("DowngradeInfoSet");
    }

    @Test
    void refusalWhenAMembershipChangeDoesNotDescribeItsMember() {
        assertThat(gate.refusal(change(ChangeType.ADD_NODE, 5, "{}".getBytes(StandardCharsets.UTF_8))))
                .isNotNull();
        assertThat(gate.refusal(change(ChangeType.ADD_NODE, 5, describing(6)))).contains("describes member 6");
        assertThat(gate.refusal(change(ChangeType.ADD_NODE, 5, describing(5)))).isNull();
        assertThat(gate.refusal(change(ChangeType.REMOVE_NODE, 5, new byte[0]))).isNull();
        assertThat(gate.refusal(new Entry(0, 0, EntryType.CONF_CHANGE_V2, new byte[] {9, 9, 9})))
                .contains("no membership change");
    }

    private static byte[] describing(long id) {
        return MemberJson.encode(Member.announced(id, "m", List.of("http://m:2380"), false));
    }

    private static Entry change(ChangeType type, long member, byte[] context) {
        ConfChange change = new ConfChange(1, Transition.AUTO, List.of(new MemberChange(type, member)), context);
        return new Entry(0, 0, EntryType.CONF_CHANGE_V2, ConfChangeCodec.encode(change, EntryType.CONF_CHANGE_V2));
    }

    private static Entry normal(byte[] data) {
        return new Entry(3, 11, EntryType.NORMAL, data);
    }

    private static InternalRaftRequest put() {
        return InternalRaftRequest.newBuilder()
                .setPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")))
                .build();
    }

    private static byte[] nested(int depth) {
        TxnRequest txn = TxnRequest.getDefaultInstance();
        for (int level = 0; level < depth; level++) {
            txn = TxnRequest.newBuilder()
                    .addSuccess(RequestOp.newBuilder().setRequestTxn(txn))
                    .build();
        }
        return InternalRaftRequest.newBuilder().setTxn(txn).build().toByteArray();
    }
}
