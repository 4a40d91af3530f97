package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.fixture.WatchSession;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseTimeToLiveRequest;
import io.quorate.proto.Member;
import io.quorate.proto.MemberAddRequest;
import io.quorate.proto.MemberListRequest;
import io.quorate.proto.MemberPromoteRequest;
import io.quorate.proto.MemberRemoveRequest;
import io.quorate.proto.MemberUpdateRequest;
import io.quorate.proto.MoveLeaderRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What changes a cluster: who leads it, who belongs to it, and a member that was away for longer than the log reaches back. */
class ClusterChangesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int REMOVED_EXIT = 8;
    private static final int WRITES = 1_500;

    private static TestCluster cluster;

    @BeforeAll
    static void start() {
        cluster = new TestCluster(3, Map.of("snapshot-count", "200", "snapshot-catchup-entries", "50")).start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void awaitLeader() {
        assertThat(cluster.leader().isAlive()).isTrue();
    }

    private static GrpcConnection leader() {
        return cluster.grpc(cluster.leader());
    }

    private static long id(TestMember member) {
        return cluster.status(member).getHeader().getMemberId();
    }

    @Test
    void moveLeaderWhenTargetIsAVoterLetsItLead() {
        TestMember target = cluster.follower();
        TestMember before = cluster.leader();
        var request = MoveLeaderRequest.newBuilder().setTargetID(id(target)).build();
        assertThatThrownBy(() -> cluster.grpc(target).maintenance().moveLeader(request))
                .hasMessageContaining("etcdserver: not leader");

        assertThat(cluster.grpc(before).maintenance().moveLeader(request).hasHeader())
                .isFalse();
        assertThat(cluster.leader()).isEqualTo(target);
    }

    @Test
    void leaseWhenAskedForOnAFollowerIsAnsweredByTheLeader() {
        GrpcConnection follower = cluster.grpc(cluster.follower());
        follower.lease()
                .leaseGrant(
                        LeaseGrantRequest.newBuilder().setID(4711).setTTL(600).build());
        var left = follower.lease()
                .leaseTimeToLive(LeaseTimeToLiveRequest.newBuilder().setID(4711).build());
        assertThat(left.getGrantedTTL()).isEqualTo(600);
        assertThat(left.getTTL()).isBetween(590L, 600L);
        var unknown = follower.lease()
                .leaseTimeToLive(LeaseTimeToLiveRequest.newBuilder().setID(1).build());
        assertThat(unknown.getTTL()).isEqualTo(-1);
    }

    @Test
    void memberAddWhenOneOfThreeIsDownIsRefusedForALearnerToo() {
        TestMember down = cluster.follower();
        down.kill();
        try {
            assertThatThrownBy(() -> leader().cluster()
                            .memberAdd(MemberAddRequest.newBuilder()
                                    .addPeerURLs("http://127.0.0.1:1")
                                    .setIsLearner(true)
                                    .build()))
                    .hasMessageContaining("UNAVAILABLE: etcdserver: unhealthy cluster");
        } finally {
            down.start();
        }
    }

    @Test
    void memberAddWhenNotPossibleSaysWhy() {
        assertThatThrownBy(() -> cluster.addLearner(cluster.leader().peerUrl()))
                .hasStackTraceContaining("FAILED_PRECONDITION: etcdserver: Peer URLs already exists");
        var cluster3 = leader().cluster();
        assertThatThrownBy(() -> cluster3.memberAdd(
                        MemberAddRequest.newBuilder().addPeerURLs("nonsense").build()))
                .hasMessageContaining("etcdserver: given member URLs are invalid");
        assertThatThrownBy(() -> cluster3.memberRemove(
                        MemberRemoveRequest.newBuilder().setID(12).build()))
                .hasMessageContaining("etcdserver: member not found");
        assertThatThrownBy(() -> cluster3.memberPromote(MemberPromoteRequest.newBuilder()
                        .setID(id(cluster.leader()))
                        .build()))
                .hasMessageContaining("etcdserver: can only promote a learner member");
        assertThatThrownBy(() -> cluster3.memberUpdate(
                        MemberUpdateRequest.newBuilder().setID(12).build()))
                .hasMessageContaining("etcdserver: member not found");
    }

    @Test
    void memberWhenAddedAsLearnerJoinsIsPromotedAndRemoved() {
        TestMember newcomer = cluster.newcomer("m4");
        Member added = cluster.addLearner(newcomer.peerUrl());
        assertThat(added.getIsLearner()).isTrue();
        newcomer.launch();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> cluster.status(newcomer).getIsLearner());
        assertThatThrownBy(() -> cluster.grpc(newcomer).get("any"))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("etcdserver: rpc not supported for learner");

        var promote = MemberPromoteRequest.newBuilder().setID(added.getID()).build();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> cluster.grpc(cluster.follower())
                                .cluster()
                                .memberPromote(promote)
                                .getMembersCount()
                        == 4);
        assertThat(cluster.grpc(newcomer).put("by-the-newcomer", "1").hasHeader())
                .isTrue();

        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> leader().cluster()
                                .memberRemove(MemberRemoveRequest.newBuilder()
                                        .setID(added.getID())
                                        .build())
                                .getMembersCount()
                        == 3);
        assertThat(newcomer.awaitExit(PATIENCE).exitCode()).isEqualTo(REMOVED_EXIT);
        assertThat(leader().cluster()
                        .memberList(MemberListRequest.getDefaultInstance())
                        .getMembersList())
                .extracting(Member::getID)
                .doesNotContain(added.getID());
    }

    @Test
    void memberWhenAwayForLongerThanTheLogReachesCatchesUpByASnapshot() throws Exception {
        TestMember away = cluster.follower();
        away.kill();
        GrpcConnection writer = leader();
        List<Future<?>> writes = new ArrayList<>();
        for (int i = 0; i < WRITES; i++) {
            writes.add(writer.kvAsync()
                    .put(PutRequest.newBuilder()
                            .setKey(ByteString.copyFromUtf8("away/" + i))
                            .setValue(ByteString.copyFromUtf8("v" + i))
                            .build()));
        }
        for (Future<?> write : writes) {
            write.get();
        }

        away.start();
        cluster.awaitCaughtUp(away);
        assertThat(away.output()).contains("installed the leader's snapshot at index");
        var range = cluster.grpc(away)
                .kv()
                .range(RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("away/"))
                        .setRangeEnd(ByteString.copyFromUtf8("away0"))
                        .setSerializable(true)
                        .build());
        assertThat(range.getCount()).isEqualTo(WRITES);

        try (WatchSession watch = WatchSession.open(cluster.grpc(away))) { // history came along
            watch.createForAll(2);
            assertThat(watch.events(WRITES)).hasSizeGreaterThanOrEqualTo(WRITES);
        }
        away.kill(); // and what was installed survives
        away.start();
        assertThat(cluster.grpc(away).get("away/7").getKvs(0).getValue().toStringUtf8())
                .isEqualTo("v7");
    }
}
