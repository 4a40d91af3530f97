package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.proto.MemberListRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three members: every one serves, any one may die, and it catches up when it is back. */
class ClusterIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static TestCluster cluster;

    @BeforeAll
    static void start() {
        cluster = new TestCluster(3, Map.of()).start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void startWhoWasStopped() {
        cluster.members().stream().filter(member -> !member.isAlive()).forEach(TestMember::start);
    }

    private static String read(TestMember member, String key) {
        return cluster.grpc(member).get(key).getKvsList().stream()
                .map(found -> found.getValue().toStringUtf8())
                .findFirst()
                .orElse("");
    }

    @Test
    void putWhenSentToAnyMemberIsReadOnAll() {
        for (TestMember writer : cluster.members()) {
            cluster.grpc(writer).put("any", writer.name());
            for (TestMember reader : cluster.members()) {
                assertThat(read(reader, "any")).isEqualTo(writer.name());
            }
        }
    }

    @Test
    void memberListWhenAllHavePublishedNamesThem() {
        var list = cluster.grpc(cluster.follower())
                .cluster()
                .memberList(MemberListRequest.newBuilder().setLinearizable(true).build());
        assertThat(list.getMembersList())
                .extracting(member -> member.getName())
                .containsExactlyInAnyOrder("m1", "m2", "m3");
        assertThat(list.getMembersList())
                .allSatisfy(member -> assertThat(member.getClientURLsList()).hasSize(1));
    }

    @Test
    void putWhenTheLeaderIsKilledGoesOnAndItCatchesUp() {
        TestMember killed = cluster.leader();
        cluster.grpc(killed).put("before", "1");
        killed.kill();

        TestMember other = cluster.running().getFirst();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> cluster.grpc(other).put("after", "2") != null);
        assertThat(read(other, "before")).isEqualTo("1");
        assertThat(cluster.leader()).isNotEqualTo(killed);

        killed.start();
        assertThat(read(killed, "after")).isEqualTo("2");
        cluster.awaitCaughtUp(killed);
    }

    @Test
    void putWhenAMajorityIsGoneIsNotAnsweredAndStaleReadsAre() {
        cluster.grpc(cluster.leader()).put("kept", "1");
        TestMember alone = cluster.follower();
        cluster.awaitCaughtUp(alone);
        cluster.running().stream().filter(member -> member != alone).forEach(TestMember::kill);

        var stub = cluster.grpc(alone).kv();
        assertThatThrownBy(() -> stub.put(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("kept"))
                        .setValue(ByteString.copyFromUtf8("2"))
                        .build()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("etcdserver: ");
        var stale = cluster.grpc(alone)
                .kv()
                .range(RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("kept"))
                        .setSerializable(true)
                        .build());
        assertThat(stale.getKvs(0).getValue().toStringUtf8()).isEqualTo("1");
    }
}
