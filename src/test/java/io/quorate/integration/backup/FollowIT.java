package io.quorate.integration.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.quorate.fixture.ComparedEtcd;
import io.quorate.fixture.EtcdProcess;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.OpenedParts;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AuthEnableRequest;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthRoleAddRequest;
import io.quorate.proto.AuthRoleGrantPermissionRequest;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserChangePasswordRequest;
import io.quorate.proto.AuthUserGrantRoleRequest;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.HashKVRequest;
import io.quorate.proto.HashKVResponse;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseTimeToLiveRequest;
import io.quorate.proto.LeaseTimeToLiveResponse;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.SnapshotRequest;
import io.quorate.proto.authpb.Permission;
import io.quorate.proto.following.FollowBegin;
import io.quorate.proto.following.FollowRequest;
import io.quorate.proto.following.FollowState;
import io.quorate.proto.following.FollowStatusRequest;
import io.quorate.proto.following.FollowingGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A cluster follows a running etcd and takes over: the same history, nothing lost, a pause of seconds. */
class FollowIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);
    private static final long LEASE = 77;

    @TempDir
    private Path directory;

    private TestMember etcd;
    private GrpcConnection there;
    private final OpenedParts opened = new OpenedParts();

    @BeforeEach
    void startEtcd() {
        assumeTrue(ComparedEtcd.program("etcd").isPresent(), "today's etcd was not built, see .ci/etcd");
        etcd = opened.add(new EtcdProcess(Map.of()).start());
        there = opened.add(GrpcConnection.to(etcd));
    }

    @AfterEach
    void close() throws Exception {
        opened.close();
    }

    private FollowRun run(String endpoints, String... more) {
        return opened.add(new FollowRun(directory, etcd.clientUrl(), endpoints, more));
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static HashKVResponse hash(GrpcConnection grpc, long revision) {
        return grpc.maintenance()
                .hashKV(HashKVRequest.newBuilder().setRevision(revision).build());
    }

    private long revision() {
        return there.get("any").getHeader().getRevision();
    }

    private static long revisionAt(GrpcConnection grpc) {
        return grpc.maintenance()
                .hashKV(HashKVRequest.getDefaultInstance())
                .getHeader()
                .getRevision();
    }

    private void assertSame(GrpcConnection here, long revision) {
        HashKVResponse source = hash(there, revision);
        HashKVResponse target = hash(here, revision);
        assertThat(target.getHash()).isEqualTo(source.getHash());
        assertThat(target.getCompactRevision()).isEqualTo(source.getCompactRevision());
        assertThat(target.getHashRevision()).isEqualTo(source.getHashRevision());
    }

    private static long handedOverAt(String output) {
        return Long.parseLong(output.replaceAll("(?s).*taken over at revision (\\d+).*", "$1"));
    }

    @Test
    void handOverUnderLoadWhenProcessAndMemberAreKilledLosesNothing() {
        TestMember member = opened.add(TestMember.create(Map.of()).start());
        GrpcConnection here = opened.add(GrpcConnection.to(member));
        FollowLoad load = opened.add(new FollowLoad(etcd, member, 3));
        load.start();
        FollowRun first = run(member.clientUrl(), "--follow");
        first.awaitLine("Follows the etcd");
        long before = revisionAt(here);
        await().atMost(PATIENCE).until(() -> revisionAt(here) > before + 500);
        first.kill();
        FollowRun second = run(member.clientUrl(), "--follow");
        long killed = revisionAt(here);
        await().atMost(PATIENCE).until(() -> revisionAt(here) > killed + 500);
        member.kill();
        member.start();
        long restarted = revisionAt(here);
        await().atMost(PATIENCE).until(() -> revisionAt(here) > restarted + 500);
        there.compact(revisionAt(here) - 100);

        FollowRun finish = run(member.clientUrl(), "--finish", "--seal");
        assertThat(finish.awaitEnd()).as("%s", finish.output()).isZero();
        assertThat(second.awaitEnd()).as("%s", second.output()).isZero();
        load.awaitOverThere();
        load.stop();

        assertSame(here, handedOverAt(finish.output()));
        assertThat(load.failures()).isEmpty();
        load.assertAllThere(here);
        System.out.println(
                "FollowIT: " + load.acknowledged() + " writes, pause " + load.pause() + ": " + finish.output());
        assertThat(load.pause()).isLessThan(PAUSE_MAX);
    }

    @Test
    void followWhenCompactionOvertakesTakesAnotherSnapshot() {
        TestMember member = opened.add(TestMember.create(Map.of()).start());
        GrpcConnection here = opened.add(GrpcConnection.to(member));
        for (int i = 0; i < 50; i++) {
            there.put("k" + i, "1");
        }
        FollowRun first = run(member.clientUrl(), "--follow");
        first.awaitLine("Follows the etcd");
        first.kill();
        for (int i = 0; i < 50; i += 2) {
            there.kv()
                    .deleteRange(DeleteRangeRequest.newBuilder()
                            .setKey(bytes("k" + i))
                            .build());
        }
        there.put("k1", "2");
        there.put("k2", "2");
        there.compact(revision());
        there.put("k3", "2");

        FollowRun second = run(member.clientUrl(), "--follow");
        second.awaitLine("The etcd has compacted");
        second.awaitLine("Took over");
        long now = revision();
        await().atMost(PATIENCE).until(() -> revisionAt(here) == now);
        assertSame(here, now);
        FollowRun finish = run(member.clientUrl(), "--finish");
        assertThat(finish.awaitEnd()).as("%s", finish.output()).isZero();
        assertSame(here, now);
        assertThat(here.kv()
                        .range(RangeRequest.newBuilder()
                                .setKey(bytes("k"))
                                .setRangeEnd(bytes("l"))
                                .setCountOnly(true)
                                .build())
                        .getCount())
                .isEqualTo(26);
    }

    /** By any member, with a leader that dies, and a revision that is too large for one entry. */
    @Test
    void followWhenClusterHasThreeMembersGoesOnWithTheRest() {
        TestCluster cluster = opened.add(new TestCluster(3, Map.of()).start());
        String endpoints = String.join(
                ",", cluster.members().stream().map(TestMember::clientUrl).toList());
        for (int i = 0; i < 3000; i++) {
            there.put("large/" + "x".repeat(600) + i, "1");
        }
        FollowRun follow = run(endpoints, "--follow");
        follow.awaitLine("Follows the etcd");
        there.kv()
                .deleteRange(DeleteRangeRequest.newBuilder()
                        .setKey(bytes("large/"))
                        .setRangeEnd(bytes("large0"))
                        .build());
        there.put("after", "x".repeat((1536 << 10) - 256)); // about the largest request that etcd takes
        TestMember leader = cluster.leader();
        leader.kill();
        there.put("without", "1");
        TestMember other = cluster.running().getFirst();
        long now = revision();
        await().atMost(PATIENCE).ignoreException(StatusRuntimeException.class).until(() -> {
            follow.assertRunning();
            return revisionAt(cluster.grpc(other)) == now;
        });
        assertSame(cluster.grpc(other), now);
        leader.start();
        FollowRun finish = run(endpoints, "--finish", "--seal");
        assertThat(finish.awaitEnd()).as("%s", finish.output()).isZero();
        cluster.grpc(other).put("own", "1");
        cluster.awaitCaughtUp(leader);
        for (TestMember member : cluster.members()) {
            assertSame(cluster.grpc(member), now);
        }
    }

    @Test
    void handOverWhenAuthenticationIsOnTakesUsersAndLeases() throws IOException {
        TestMember member = opened.add(TestMember.create(Map.of()).start());
        there.lease()
                .leaseGrant(
                        LeaseGrantRequest.newBuilder().setID(LEASE).setTTL(600).build());
        there.kv()
                .put(PutRequest.newBuilder()
                        .setKey(bytes("app/leased"))
                        .setLease(LEASE)
                        .build());
        enableAuth();
        Path password = Files.writeString(directory.resolve("password"), "secret\n");
        String[] login = {"--user=root", "--password-file=" + password};
        FollowRun follow = run(member.clientUrl(), "--follow", login[0], login[1]);
        follow.awaitLine("Follows the etcd");
        GrpcConnection rootThere = opened.add(GrpcConnection.as("root", "secret", etcd));
        AuthGrpc.newBlockingStub(rootThere.channel())
                .userChangePassword(AuthUserChangePasswordRequest.newBuilder()
                        .setName("bob")
                        .setPassword("changed")
                        .build());
        long keyless = rootThere.grant(300);
        GrpcConnection bobThere = opened.add(GrpcConnection.as("bob", "changed", etcd));
        bobThere.put("app/a", "1");

        FollowRun finish = run(member.clientUrl(), "--finish", login[0], login[1]);
        assertThat(finish.awaitEnd()).as("%s", finish.output()).isZero();
        GrpcConnection bob = opened.add(GrpcConnection.as("bob", "changed", member));
        assertThat(bob.get("app/a").getKvs(0).getValue()).isEqualTo(bytes("1"));
        assertThat(refusal(() -> bob.put("other", "1"))).contains("permission denied");
        bob.put("app/a", "2");
        GrpcConnection root = opened.add(GrpcConnection.as("root", "secret", member));
        for (long lease : new long[] {LEASE, keyless}) {
            LeaseTimeToLiveRequest ask = LeaseTimeToLiveRequest.newBuilder()
                    .setID(lease)
                    .setKeys(true)
                    .build();
            LeaseTimeToLiveResponse source = rootThere.lease().leaseTimeToLive(ask);
            LeaseTimeToLiveResponse target = root.lease().leaseTimeToLive(ask);
            assertThat(target.getGrantedTTL()).isEqualTo(source.getGrantedTTL());
            assertThat(target.getKeysList()).isEqualTo(source.getKeysList());
            assertThat(target.getTTL()).isBetween(source.getTTL() - 5, source.getTTL() + 5);
        }
    }

    private static String refusal(Runnable call) {
        try {
            call.run();
            return "";
        } catch (StatusRuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void enableAuth() {
        AuthGrpc.AuthBlockingStub auth = AuthGrpc.newBlockingStub(there.channel());
        for (String name : List.of("root", "bob")) {
            var unusedUser = auth.userAdd(AuthUserAddRequest.newBuilder()
                    .setName(name)
                    .setPassword("secret")
                    .build());
            var unusedRole =
                    auth.roleAdd(AuthRoleAddRequest.newBuilder().setName(name).build());
            var unusedGrant = auth.userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                    .setUser(name)
                    .setRole(name)
                    .build());
        }
        var unusedPermission = auth.roleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
                .setName("bob")
                .setPerm(Permission.newBuilder()
                        .setPermType(Permission.Type.READWRITE)
                        .setKey(bytes("app/"))
                        .setRangeEnd(bytes("app0")))
                .build());
        var unusedEnabled = auth.authEnable(AuthEnableRequest.getDefaultInstance());
    }

    @ParameterizedTest
    @MethodSource("io.quorate.integration.backup.MigrateIT#programs")
    void handOverWhenEtcdIsOfAnyVersionEndsWithTheSameHistory(Path program) {
        etcd = opened.add(new EtcdProcess(program, Map.of()).start());
        there = opened.add(GrpcConnection.to(etcd));
        TestMember member = opened.add(TestMember.create(Map.of()).start());
        MigrateIT.fill(there);
        FollowRun follow = run(member.clientUrl(), "--follow");
        follow.awaitLine("Follows the etcd");
        follow.kill();
        there.kv()
                .deleteRange(DeleteRangeRequest.newBuilder().setKey(bytes("k1")).build());
        there.put("k2", "2");
        there.compact(revision() - 1); // etcd 3.4 and 3.5 forget the deletion, and yet let a watch begin there
        long now = revision();

        FollowRun finish = run(member.clientUrl(), "--finish", "--seal");
        assertThat(finish.awaitEnd()).as("%s", finish.output()).isZero();
        assertThat(handedOverAt(finish.output())).isEqualTo(now);
        assertThat(refusal(() -> there.put("k2", "3"))).contains("corrupt cluster");
        GrpcConnection here = opened.add(GrpcConnection.to(member));
        assertThat(MigrateIT.all(here).getKvsList())
                .isEqualTo(MigrateIT.all(there).getKvsList());
        assertThat(hash(here, now).getHash()).isEqualTo(hash(there, now).getHash());
        here.put("k2", "3");
    }

    /** An etcd that lost its data and was founded anew on the same URLs has the same id and another history. */
    @Test
    void finishWhenHistoriesDifferDoesNotSwitch() {
        TestMember member = opened.add(TestMember.create(Map.of()).start());
        GrpcConnection here = opened.add(GrpcConnection.to(member));
        there.put("a", "1");
        FollowRun follow = run(member.clientUrl(), "--follow");
        follow.awaitLine("Follows the etcd");
        follow.kill();
        etcd.kill();
        etcd.loseData();
        etcd.start();
        there.put("a", "2");
        there.put("b", "1");

        FollowRun finish = run(member.clientUrl(), "--finish", "--seal");
        assertThat(finish.awaitEnd()).isEqualTo(1);
        assertThat(finish.output()).contains("does not take over: at revision");
        assertThat(refusal(() -> here.put("a", "3"))).contains("quorate: this cluster follows an etcd");
        there.put("a", "3");
    }

    @Test
    void memberWhenLoadingIsReadyAndShowsNoPartOfTheState() {
        TestMember member = opened.add(TestMember.create(Map.of()).start());
        GrpcConnection here = opened.add(GrpcConnection.to(member));
        FollowingGrpc.FollowingBlockingStub following = FollowingGrpc.newBlockingStub(here.channel());
        var unusedBegin = following.follow(FollowRequest.newBuilder()
                .setBegin(FollowBegin.newBuilder().setSourceClusterId(1))
                .build());
        member.kill();
        member.start();

        assertThat(following
                        .followStatus(FollowStatusRequest.getDefaultInstance())
                        .getState()
                        .getPhase())
                .isEqualTo(FollowState.Phase.LOADING);
        String loading = "quorate: this cluster loads the state of an etcd";
        assertThat(refusal(() -> here.get("a"))).contains(loading);
        assertThat(refusal(() -> revisionAt(here))).contains(loading);
        assertThat(refusal(() -> here.maintenance()
                        .snapshot(SnapshotRequest.getDefaultInstance())
                        .next()))
                .contains(loading);
        assertThat(refusal(() -> here.put("a", "1"))).contains("quorate: this cluster follows an etcd");
    }

    /** The guide has the commands that are run here. */
    @Test
    void guideWhenReadHasTheseCommands() throws IOException {
        assertThat(Files.readString(Path.of("docs", "migration.md")))
                .contains(
                        "bin/quorate migrate --follow --from=http://etcd:2379 --endpoints=http://quorate:2379\n",
                        "bin/quorate migrate --finish --seal --from=http://etcd:2379 --endpoints=http://quorate:2379\n");
    }
}
