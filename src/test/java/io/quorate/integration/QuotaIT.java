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
import io.quorate.proto.StatusResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(longs = {16L << 20, 200L << 20})
    void storeWhenFilledByOneKeyIsWritableAgainAfterCompactionAndDisarm(long quota) {
        ByteString value = ByteString.copyFrom(random(270_000));
        PutRequest put = PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("k"))
                .setValue(value)
                .build();
        try (TestMember member = TestMember.create(Map.of("quota-backend-bytes", Long.toString(quota)))
                        .start();
                GrpcConnection grpc = GrpcConnection.to(member)) {
            assertNoSpace(() -> {
                for (int i = 0; i < 2 * quota / value.size(); i++) {
                    grpc.kv().put(put);
                }
            });
            StatusResponse full = grpc.maintenance().status(StatusRequest.getDefaultInstance());
            grpc.compact(full.getHeader().getRevision());
            await("the space that is given back").atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
                StatusResponse now = grpc.maintenance().status(StatusRequest.getDefaultInstance());
                assertThat(now.getDbSizeInUse())
                        .isLessThan(full.getDbSize() / 2)
                        .isLessThanOrEqualTo(now.getDbSize());
                assertThat(now.getDbSize()).isLessThan(full.getDbSize() / 2);
            });
            AlarmMember raised = alarms(grpc, AlarmAction.GET, 0).getFirst();
            alarms(grpc, AlarmAction.DEACTIVATE, raised.getMemberID());
            for (int i = 0; i < 5; i++) {
                grpc.kv().put(put);
            }
        }
    }

    /** Bytes that no compression makes smaller. */
    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        return bytes;
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
    void requestsWhenSlowerThanTheWarningsAreLoggedWithoutTheirValues() {
        Map<String, String> settings = Map.of("warning-apply-duration", "1ns", "warning-unary-request-duration", "1ns");
        try (TestMember member = TestMember.create(settings).start();
                GrpcConnection grpc = GrpcConnection.to(member)) {
            await("the warnings, one a second at most of which may be about something else")
                    .until(() -> grpc.put("the-key", "secret-value").hasHeader()
                            && member.output().contains("executing Put of key \"the-key\", value of 12 bytes")
                            && member.output()
                                    .contains("etcdserverpb.KV/Put of key \"the-key\", value of 12 bytes: OK"));
            assertThat(member.output()).doesNotContain("secret");
            assertThat(member.output().lines().filter(line -> line.contains("executing ")))
                    .as("one line a second at most")
                    .hasSizeLessThan(20);
        }
    }
}
