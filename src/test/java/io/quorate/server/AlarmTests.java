package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.quorate.base.RequestError;
import io.quorate.proto.AlarmMember;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmRequest.AlarmAction;
import io.quorate.proto.AlarmResponse;
import io.quorate.proto.AlarmType;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.DeleteRangeResponse;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quota and alarms on a whole member; what each of them refuses is the table in section 2.10 of docs/etcd-v3.md. */
class AlarmTests {

    private static final long ID = 0xa1;

    @TempDir
    private Path directory;

    private SteppedMember.Disk disk;

    @BeforeEach
    void makeDisk() {
        disk = new SteppedMember.Disk(directory);
    }

    @Test
    void putWhenItExceedsTheQuotaIsWrittenAndRefusedAndRaisesTheAlarm() {
        disk.quotaBytes = 1;
        try (SteppedMember member = new SteppedMember(disk).started()) {
            assertRefused(member, put("k"), RequestError.NO_SPACE);

            assertThat(member.store.currentRevision()).isEqualTo(2);
            assertThat(list(member)).containsExactly(alarm(ID, AlarmType.NOSPACE));
            assertRefused(member, put("k"), RequestError.NO_SPACE);
            assertThat(member.store.currentRevision())
                    .as("now refused before it")
                    .isEqualTo(2);
        }
    }

    @Test
    void noSpaceWhenRaisedRefusesWhatTakesRoomOnly() {
        try (SteppedMember member = new SteppedMember(disk).started()) {
            member.propose(put("k"));
            member.propose(grant(7));
            member.propose(alarm(AlarmAction.ACTIVATE, ID, AlarmType.NOSPACE));

            assertRefused(member, put("k"), RequestError.NO_SPACE);
            assertRefused(member, grant(8), RequestError.NO_SPACE);
            assertRefused(member, txn(RequestOp.newBuilder().setRequestPut(put())), RequestError.NO_SPACE);
            TxnRequest nested = TxnRequest.newBuilder()
                    .addFailure(RequestOp.newBuilder().setRequestPut(put()))
                    .build();
            assertRefused(member, txn(RequestOp.newBuilder().setRequestTxn(nested)), RequestError.NO_SPACE);
            member.propose(txn(RequestOp.newBuilder().setRequestDeleteRange(delete("none"))));
            member.propose(revoke(7));
            DeleteRangeResponse deleted = (DeleteRangeResponse)
                    member.propose(InternalRaftRequest.newBuilder().setDeleteRange(delete("k")));
            assertThat(deleted.getDeleted()).isEqualTo(1);
            member.propose(compact(2));
        }
    }

    @Test
    void corruptWhenRaisedRefusesAllData() {
        try (SteppedMember member = new SteppedMember(disk).started()) {
            member.propose(put("k"));
            member.propose(grant(7));
            member.propose(alarm(AlarmAction.ACTIVATE, 0, AlarmType.CORRUPT));

            assertRefused(member, put("k"), RequestError.CORRUPT);
            assertRefused(member, InternalRaftRequest.newBuilder().setDeleteRange(delete("k")), RequestError.CORRUPT);
            assertRefused(member, txn(RequestOp.newBuilder().setRequestDeleteRange(delete("k"))), RequestError.CORRUPT);
            assertRefused(member, compact(1), RequestError.CORRUPT);
            assertRefused(member, grant(8), RequestError.CORRUPT);
            assertRefused(member, revoke(7), RequestError.CORRUPT);
            assertThat(list(member)).containsExactly(alarm(0, AlarmType.CORRUPT));
            member.propose(alarm(AlarmAction.DEACTIVATE, 0, AlarmType.CORRUPT));
            member.propose(put("k"));
        }
    }

    @Test
    void alarmWhenChangedAnswersAsEtcd() {
        try (SteppedMember member = new SteppedMember(disk).started()) {
            assertThat(answer(member, alarm(AlarmAction.ACTIVATE, 5, AlarmType.NONE)))
                    .isEmpty();
            assertThat(answer(member, alarm(AlarmAction.ACTIVATE, 5, AlarmType.NOSPACE)))
                    .containsExactly(alarm(5, AlarmType.NOSPACE));
            assertThat(answer(member, alarm(AlarmAction.ACTIVATE, 5, AlarmType.NOSPACE)))
                    .containsExactly(alarm(5, AlarmType.NOSPACE));
            member.propose(alarm(AlarmAction.ACTIVATE, 6, AlarmType.CORRUPT));

            assertThat(list(member)).containsExactly(alarm(5, AlarmType.NOSPACE), alarm(6, AlarmType.CORRUPT));
            assertThat(answer(member, alarm(AlarmAction.GET, 5, AlarmType.CORRUPT)))
                    .as("the member does not matter")
                    .containsExactly(alarm(6, AlarmType.CORRUPT));
            assertThat(answer(member, alarm(AlarmAction.DEACTIVATE, 0, AlarmType.NOSPACE)))
                    .as("0 is no wildcard")
                    .isEmpty();
            assertThat(answer(member, alarm(AlarmAction.DEACTIVATE, 5, AlarmType.NOSPACE)))
                    .containsExactly(alarm(5, AlarmType.NOSPACE));
            assertThat(list(member)).containsExactly(alarm(6, AlarmType.CORRUPT));
        }
    }

    @Test
    void alarmWhenMemberRestartsIsStillRaised() {
        SteppedMember first = new SteppedMember(disk).started();
        first.propose(alarm(AlarmAction.ACTIVATE, ID, AlarmType.NOSPACE));
        first.close();

        try (SteppedMember second = new SteppedMember(disk).started()) {
            assertRefused(second, put("k"), RequestError.NO_SPACE);
        }
    }

    private static void assertRefused(SteppedMember member, InternalRaftRequest.Builder request, RequestError error) {
        assertThatThrownBy(() -> member.propose(request)).hasMessageContaining(error.name());
    }

    private static List<AlarmMember> list(SteppedMember member) {
        return answer(member, alarm(AlarmAction.GET, 0, AlarmType.NONE));
    }

    private static List<AlarmMember> answer(SteppedMember member, InternalRaftRequest.Builder request) {
        Message response = member.propose(request);
        return ((AlarmResponse) response).getAlarmsList();
    }

    private static AlarmMember alarm(long member, AlarmType type) {
        return AlarmMember.newBuilder().setMemberID(member).setAlarm(type).build();
    }

    private static InternalRaftRequest.Builder alarm(AlarmAction action, long member, AlarmType type) {
        return InternalRaftRequest.newBuilder()
                .setAlarm(AlarmRequest.newBuilder()
                        .setAction(action)
                        .setMemberID(member)
                        .setAlarm(type));
    }

    private static InternalRaftRequest.Builder put(String key) {
        return InternalRaftRequest.newBuilder().setPut(put().toBuilder().setKey(ByteString.copyFromUtf8(key)));
    }

    private static PutRequest put() {
        return PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("x")).build();
    }

    private static DeleteRangeRequest delete(String key) {
        return DeleteRangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .build();
    }

    private static InternalRaftRequest.Builder txn(RequestOp.Builder operation) {
        return InternalRaftRequest.newBuilder().setTxn(TxnRequest.newBuilder().addSuccess(operation));
    }

    private static InternalRaftRequest.Builder grant(long id) {
        return InternalRaftRequest.newBuilder()
                .setLeaseGrant(LeaseGrantRequest.newBuilder().setID(id).setTTL(60));
    }

    private static InternalRaftRequest.Builder revoke(long id) {
        return InternalRaftRequest.newBuilder()
                .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(id));
    }

    private static InternalRaftRequest.Builder compact(long revision) {
        return InternalRaftRequest.newBuilder()
                .setCompaction(CompactionRequest.newBuilder().setRevision(revision));
    }
}
