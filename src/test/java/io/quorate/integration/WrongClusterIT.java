package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A member that was given the token of another cluster ends and says why; corrected, it founds its own with the others. */
class WrongClusterIT {

    private static final int BAD_SETTING = 2;

    @Test
    void memberWhenMostOthersAreOfAnotherClusterEndsAndServesOnceCorrected() {
        try (TestCluster cluster = new TestCluster(3, Map.of())) {
            TestMember odd = cluster.members().getLast();
            odd.configure(Map.of("initial-cluster-token", "another"));
            cluster.members().forEach(TestMember::launch);

            assertThat(odd.awaitExit(Duration.ofSeconds(60)).exitCode())
                    .as(odd.logTail())
                    .isEqualTo(BAD_SETTING);
            assertThat(odd.output())
                    .contains("belong to another cluster", "initial-cluster-token", "(exit code 2)")
                    .doesNotContain("Started QuorateApplication", "\tat ", "WrongClusterException");

            odd.configure(Map.of("initial-cluster-token", "etcd-cluster"));
            odd.launch();
            TestMember good = cluster.members().getFirst();
            good.awaitReady();
            assertThat(cluster.grpc(good).put("a", "b").getHeader().getRevision())
                    .isPositive();
        }
    }
}
