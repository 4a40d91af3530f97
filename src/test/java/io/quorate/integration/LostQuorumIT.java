package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.proto.MemberListRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two of three members are lost for good: the third goes on alone, as docs/operations.md says, and others can join. */
class LostQuorumIT {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    @Test
    void memberWhenForcedGoesOnAloneWithWhatItHas() {
        try (TestCluster cluster = new TestCluster(3, Map.of()).start()) {
            TestMember survivor = cluster.leader();
            long revision = cluster.grpc(survivor).put("kept", "1").getHeader().getRevision();
            long id = cluster.status(survivor).getHeader().getMemberId();
            cluster.members().forEach(TestMember::kill);

            survivor.configure(Map.of("force-new-cluster", "true")).start();
            assertAlone(cluster, survivor, id);
            assertThat(cluster.grpc(survivor).get("kept").getKvs(0).getModRevision())
                    .isEqualTo(revision);

            survivor.terminate(STOP_LIMIT);
            survivor.configure(Map.of("force-new-cluster", "false")).start();
            assertAlone(cluster, survivor, id);
            await().atMost(STOP_LIMIT)
                    .ignoreExceptions()
                    .until(() ->
                            cluster.grpc(survivor).put("more", "2").getHeader().getRevision() == revision + 1);
        }
    }

    private static void assertAlone(TestCluster cluster, TestMember survivor, long id) {
        assertThat(cluster.grpc(survivor)
                        .cluster()
                        .memberList(MemberListRequest.newBuilder()
                                .setLinearizable(true)
                                .build())
                        .getMembersList())
                .extracting(member -> member.getID())
                .containsExactly(id);
    }
}
