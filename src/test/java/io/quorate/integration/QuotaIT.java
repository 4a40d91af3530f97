package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AlarmMember;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmRequest.AlarmAction;
import io.quorate.proto.AlarmType;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.StatusRequest;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The settings that bound the store, each on a member of its own. */
class QuotaIT {

    private static void assertNoSpace(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, refusal -> {
            assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(refusal.getStatus().getDescription()).isEqualTo("etcdserver: mvcc: database space exceeded");
        });
    }

    private static List<AlarmMember> alarms(GrpcConnection grpc, AlarmAction action, long member) {
        return grpc.maintenance()
                .alarm(AlarmRequest.newBuilder()
                        .setAction(action)
                        .setMemberID(member)
                        .setAlarm(AlarmType.NOSPACE)
                        .build())
                .getAlarmsList();
    }

    @Test
    void writesWhenTheQuotaIsReachedAreRefusedUntilSomebodyClearsTheAlarm() {
        try (TestMember member =
                        TestMember.create(Map.of("quota-backend-bytes", "1")).start();
                GrpcConnection grpc = GrpcConnection.to(member)) {
            assertNoSpace(() -> grpc.put("k", "v"));
            assertNoSpace(() -> grpc.kv().put(PutRequest.getDefaultInstance()));
            assertNoSpace(() -> grpc.lease()
                    .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(9).build()));
            assertThat(grpc.get("k").getCount()).isZero();
            assertThat(grpc.get("k").getHeader().getRevision()).isEqualTo(1);
            AlarmMember raised = alarms(grpc, AlarmAction.GET, 0).getFirst();
            assertThat(grpc.maintenance()
                            .status(StatusRequest.getDefaultInstance())
                            .getErrorsList())
                    .singleElement()
                    .asString()
                    .contains("alarm:NOSPACE");
            assertThat(alarms(grpc, AlarmAction.DEACTIVATE, raised.getMemberID()))
                    .containsExactly(raised);
            assertThat(alarms(grpc, AlarmAction.GET, 0)).isEmpty();
        }
    }

    @Test
    void historyWhenAutoCompactionIsOnIsCutByItself() {
        Map<String, String> settings = Map.of("auto-compaction-mode", "periodic", "auto-compaction-retention", "1s");
        try (TestMember member = TestMember.create(settings).start();
                GrpcConnection grpc = GrpcConnection.to(member)) {
            long first = grpc.put("k", "1").getHeader().getRevision();
            grpc.put("k", "2");
            RangeRequest old = RangeRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8("k"))
                    .setRevision(first)
                    .build();
            await("compaction")
                    .untilAsserted(() -> assertThatThrownBy(() -> grpc.kv().range(old))
                            .hasMessageContaining("required revision has been compacted"));
            assertThat(grpc.get("k").getKvs(0).getValue().toStringUtf8()).isEqualTo("2");
        }
    }

    @Test
    void requestsWhenSlowerThanTheWarningsAreLoggedWithoutTheirContent() {
        Map<String, String> settings = Map.of("warning-apply-duration", "1ns", "warning-unary-request-duration", "1ns");
        try (TestMember member = TestMember.create(settings).start();
                GrpcConnection grpc = GrpcConnection.to(member)) {
            for (int i = 0; i < 50; i++) {
                grpc.put("secret-key", "secret-value");
            }
            await("the warnings")
                    .until(() -> member.output().contains("executing ")
                            && member.output().contains("etcdserverpb.KV/Put (OK) took "));
            assertThat(member.output()).doesNotContain("secret");
            assertThat(member.output().lines().filter(line -> line.contains("executing ")))
                    .as("one line a second at most")
                    .hasSizeLessThan(20);
        }
    }
}
