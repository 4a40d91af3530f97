package io.quorate.integration.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.stub.MetadataUtils;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AuthUserChangePasswordRequest;
import io.quorate.proto.Member;
import io.quorate.proto.MemberAddRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same users and tokens on all members, also on one that lags behind, starts again or joins. */
class UsersClusterIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String DENIED = "PERMISSION_DENIED: etcdserver: permission denied";

    /** More than the log goes back. */
    private static final int WRITES = 300;

    private static TestCluster cluster;
    private Logins leader;

    @BeforeAll
    static void start() {
        cluster = new TestCluster(
                        3, Map.of("snapshot-count", "100", "snapshot-catchup-entries", "20", "auth.bcrypt-cost", "4"))
                .start();
        at(cluster.leader()).populate();
        cluster.identify(connection -> Logins.metadata(new Logins(connection).root()));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void populate() {
        leader = at(cluster.leader());
        leader.populate();
    }

    private static Logins at(TestMember member) {
        return new Logins(cluster.grpc(member));
    }

    @Test
    void tokenWhenUsedAtAMemberThatLagsBehindIsKnown() {
        TestMember follower = cluster.follower();
        at(follower).put(leader.token("al", "1"), "k", "1");
        follower.freeze();
        String token;
        try {
            token = leader.token("al", "1");
        } finally {
            follower.thaw();
        }

        at(follower).put(token, "k", "2");
        assertThatThrownBy(() -> at(follower).put(token, "other", "2")).hasMessageContaining(DENIED);
    }

    @Test
    void tokenWhenThePasswordChangesIsGoneOnAllMembers() {
        String token = leader.token("al", "1");
        cluster.members().stream()
                .filter(TestMember::isAlive)
                .forEach(member -> at(member).put(token, "k", "1"));
        var unused = leader.asRoot()
                .userChangePassword(AuthUserChangePasswordRequest.newBuilder()
                        .setName("al")
                        .setPassword("2")
                        .build());

        for (TestMember member : cluster.running()) {
            cluster.awaitCaughtUp(member);
            UsersIT.assertInvalid(() -> at(member).put(token, "k", "2"));
        }
    }

    @Test
    void memberWhenStartedAgainEnforcesTheRulesAtOnce() {
        TestMember follower = cluster.follower();
        String token = leader.token("al", "1");
        at(follower).put(token, "k", "1");
        follower.kill();
        follower.start();
        cluster.awaitCaughtUp(follower);

        String again = leader.token("al", "1");
        at(follower).put(again, "k", "3");
        assertThatThrownBy(() -> at(follower).put(again, "other", "3")).hasMessageContaining(DENIED);
        at(cluster.leader()).put(token, "k", "4"); // where it is still known
    }

    @Test
    void memberWhenItJoinsBySnapshotEnforcesTheRulesAtOnce() {
        String root = leader.root();
        for (int i = 0; i < WRITES; i++) {
            leader.put(root, "k", "" + i);
        }
        TestMember newcomer = cluster.newcomer("m4");
        Member added = await("a cluster that takes another member")
                .atMost(PATIENCE)
                .ignoreExceptionsMatching(e -> String.valueOf(e.getMessage()).contains("unhealthy cluster"))
                .until(
                        () -> cluster.grpc(cluster.leader())
                                .cluster()
                                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(Logins.metadata(root)))
                                .memberAdd(MemberAddRequest.newBuilder()
                                        .addPeerURLs(newcomer.peerUrl())
                                        .build())
                                .getMember(),
                        member -> true);
        assertThat(added.getIsLearner()).isFalse();
        newcomer.start();
        cluster.awaitCaughtUp(newcomer);
        assertThat(newcomer.output()).contains("installed the leader's snapshot at index");

        assertThatThrownBy(() -> cluster.grpc(newcomer).put("k", "1")).hasMessageContaining("user name is empty");
        String token = at(newcomer).token("al", "1");
        at(newcomer).put(token, "k", "1");
        assertThatThrownBy(() -> at(newcomer).put(token, "other", "1")).hasMessageContaining(DENIED);
    }
}
