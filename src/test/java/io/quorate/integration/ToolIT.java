package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestAuthority;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalSettings;
import io.quorate.proto.MemberListRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.raft.HardState;
import io.quorate.tool.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands around a member, as a set of members with stable names uses them: founding, growing, shrinking, leaving. */
class ToolIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private @TempDir Path directory;
    private TestCluster cluster;

    @BeforeEach
    void create() {
        cluster = new TestCluster(3, Map.of());
        assumeTrue(cluster.members().getFirst().isQuorate(), "etcd does not have these");
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private static int run(String... arguments) {
        return Tool.namedBy(arguments).orElseThrow().run(List.of(arguments));
    }

    private String endpoints() {
        return "--endpoints="
                + cluster.members().stream().map(TestMember::clientUrl).collect(Collectors.joining(","));
    }

    private static String set(List<TestMember> members) {
        return members.stream()
                .map(member -> member.name() + "=" + member.peerUrl())
                .collect(Collectors.joining(","));
    }

    private int join(TestMember member, String... more) {
        String[] arguments = Stream.concat(
                        Stream.of(
                                "join",
                                endpoints(),
                                "--name=" + member.name(),
                                "--peer-url=" + member.peerUrl(),
                                "--founders=" + set(cluster.members().subList(0, 3)),
                                "--data-dir=" + member.directory().resolve("data"),
                                "--settings=" + settings(member),
                                "--timeout=20s"),
                        Arrays.stream(more))
                .toArray(String[]::new);
        return run(arguments);
    }

    private Path settings(TestMember member) {
        return directory.resolve(member.name() + ".yml");
    }

    private String written(TestMember member) {
        try {
            return Files.readString(settings(member));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> voters() {
        return cluster
                .grpc(cluster.leader())
                .cluster()
                .memberList(MemberListRequest.newBuilder().setLinearizable(true).build())
                .getMembersList()
                .stream()
                .filter(member -> !member.getIsLearner())
                .map(io.quorate.proto.Member::getName)
                .toList();
    }

    /** Starts a member that is not in the cluster yet with what the command has written. */
    private void startAsWritten(TestMember member) {
        member.launchOn(
                member.directory().resolve("data"),
                Map.of("SPRING_CONFIG_ADDITIONAL_LOCATION", "file:" + settings(member)));
    }

    @Test
    void joinWhenTheLogHasAPlaceOfItsOwnLooksForItThere() {
        TestMember member = cluster.newcomer("m4"); // no founder, so without data it waits for the cluster
        Path log = directory.resolve("log");
        assertThat(join(member, "--wal-dir=" + log, "--timeout=1s")).isEqualTo(1);
        try (Wal begun = Wal.create(log, new byte[0], WalSettings.DEFAULT)) {
            assertThat(join(member, "--wal-dir=" + log, "--timeout=1s"))
                    .as("a start that came to nothing")
                    .isEqualTo(1);
            begun.append(new HardState(1, 0, 0), List.of());
            begun.sync();
        }
        assertThat(join(member, "--wal-dir=" + log, "--timeout=1s")).isZero();
        assertThat(written(member)).contains("initial-cluster-state: new");
    }

    @Test
    void joinWhenNobodyAnswersFoundsWithTheFirstOnly() {
        TestMember founder = cluster.members().getFirst();
        TestMember newcomer = cluster.newcomer("m4");

        assertThat(join(founder)).isZero();
        assertThat(written(founder))
                .contains("initial-cluster-state: new")
                .contains(set(cluster.members().subList(0, 3)) + "\"")
                .doesNotContain("m4");
        assertThat(join(newcomer, "--timeout=1s")).isEqualTo(1);
    }

    @Test
    void joinWhenTheClusterHasNoQuorumAsksThePeerPortsAndFoundsNothing() {
        cluster.start();
        TestMember lost = cluster.members().get(1);
        lost.kill();
        lost.loseData();
        cluster.members().get(2).kill();

        assertThat(join(lost, "--timeout=1s")).isEqualTo(1);
        assertThat(settings(lost)).doesNotExist();
    }

    @Test
    void joinWhenTheClusterAnswersMakesAMemberThatBecomesAVoterAndRetireRemovesIt() {
        cluster.start();
        TestMember newcomer = cluster.newcomer("m-4");

        assertThat(join(newcomer)).isZero();
        assertThat(written(newcomer))
                .contains("initial-cluster-state: existing")
                .contains("m-4=", "m1=");
        newcomer.configure(Map.of("auto-promote", "true"));
        startAsWritten(newcomer);
        await().atMost(PATIENCE).ignoreExceptions().until(() -> voters().contains("m-4"));

        assertThat(join(newcomer)).as("with data").isZero();
        assertThat(written(newcomer)).contains("initial-cluster-state: new");

        assertThat(run("retire", endpoints(), "--set=m", "--size=4", "--timeout=20s"))
                .isZero();
        assertThat(newcomer.awaitExit(PATIENCE).exitCode()).isEqualTo(8);
        assertThat(voters()).containsExactlyInAnyOrder("m1", "m2", "m3");
    }

    @Test
    void joinWhenTheDataIsLostReplacesOnlyOnRequest() throws IOException {
        cluster.start();
        TestMember lost = cluster.follower();
        lost.kill();
        Files.move(lost.directory().resolve("data"), lost.directory().resolve("gone"));

        assertThat(join(lost, "--timeout=1s")).isEqualTo(1);
        assertThat(join(lost, "--replace-lost=true")).isZero();
        lost.configure(Map.of("initial-cluster-state", "existing", "auto-promote", "true"));
        lost.start();
        await().atMost(PATIENCE).ignoreExceptions().until(() -> voters().size() == 3);
    }

    @Test
    void moveLeaderWhenTheMemberLeadsHandsOver() {
        cluster.start();
        TestMember leader = cluster.leader();
        TestMember follower = cluster.follower();

        assertThat(run("move-leader", "--endpoints=" + follower.clientUrl())).isZero();
        assertThat(cluster.leader()).isEqualTo(leader);
        assertThat(run("move-leader", "--endpoints=" + leader.clientUrl())).isZero();
        assertThat(cluster.leader()).isNotEqualTo(leader);
        assertThat(run("check", endpoints(), "--timeout=10s")).isZero();
    }

    @Test
    void checkWhenReadOnlyChangesNothing() {
        try (TestMember member = TestMember.create(Map.of()).start();
                GrpcConnection grpc = GrpcConnection.to(member)) {
            String endpoint = "--endpoints=" + member.clientUrl();
            assertThat(run("check", endpoint, "--read-only", "--timeout=30s")).isZero();
            assertThat(revision(grpc)).isOne();
            assertThat(run("check", endpoint, "--timeout=30s")).isZero();
            assertThat(revision(grpc)).isEqualTo(3);

            member.kill();
            assertThat(run("check", endpoint, "--read-only", "--timeout=1s")).isEqualTo(1);
        }
    }

    private static long revision(GrpcConnection grpc) {
        RangeRequest any =
                RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("a")).build();
        return grpc.kv().range(any).getHeader().getRevision();
    }

    @Test
    void checkWhenClientsMustShowACertificateShowsIt() {
        TestAuthority authority = new TestAuthority("clients");
        TestAuthority.replace(directory.resolve("ca.crt"), authority.pem());
        authority.issue("server", "127.0.0.1").writeTo(directory, "server");
        authority.issue("client").writeTo(directory, "client");
        Map<String, String> settings = Map.of(
                "cert-file", directory.resolve("server.crt").toString(),
                "key-file", directory.resolve("server.key").toString(),
                "trusted-ca-file", directory.resolve("ca.crt").toString());
        try (TestMember member = TestMember.create(settings).start()) {
            String endpoint = "--endpoints=" + member.clientUrl();
            String authorities = "--cacert=" + directory.resolve("ca.crt");
            String certificate = "--cert=" + directory.resolve("client.crt");
            String key = "--key=" + directory.resolve("client.key");

            assertThat(run("check", endpoint, authorities, certificate, key, "--timeout=10s"))
                    .isZero();
            assertThat(run("check", endpoint, authorities, "--timeout=1s")).isEqualTo(1);
            assertThat(run("check", endpoint, certificate, key, "--timeout=1s")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--bogus=1", "--name", "name=1"})
    void runWhenAnOptionIsBadFails(String option) {
        assertThat(run("check", "--endpoints=http://127.0.0.1:1", option)).isEqualTo(1);
    }
}
