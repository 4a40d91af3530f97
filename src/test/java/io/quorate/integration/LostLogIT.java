package io.quorate.integration;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quorate.fixture.Http1Transport;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.proto.MemberPromoteRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A member that may have voted never votes again from an empty log, however it lost the log that it had. */
class LostLogIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int CORRUPT_DATA = 6;
    private static final ByteString KEY = ByteString.copyFromUtf8("acked");

    private @Nullable TestCluster opened;

    @AfterEach
    void stop() {
        if (opened != null) {
            opened.close();
        }
    }

    /** A cluster that is closed after the test. */
    private TestCluster open(int members, Map<String, String> settings) {
        TestCluster cluster = new TestCluster(members, settings);
        opened = cluster;
        return cluster;
    }

    @Test
    void wipedMemberWhenTheOnlyOneThatKnowsTheWriteIsDownDoesNotFoundAnew() {
        TestCluster cluster = open(3, Map.of()).start();
        TestMember m1 = cluster.members().get(0);
        TestMember m2 = cluster.members().get(1);
        TestMember m3 = cluster.members().get(2);
        m3.kill();
        put(m1, "v");
        m1.kill();
        m2.kill();
        m2.loseData();

        m2.launch();
        m3.launch();

        assertThat(m2.awaitExit(LIMIT).exitCode()).isEqualTo(CORRUPT_DATA);
        assertThat(m2.output()).contains("has already been bootstrapped").contains("etcdctl member remove");

        m1.launch();
        m1.awaitReady();
        m3.awaitReady();
        assertThat(get(m3)).isEqualTo("v");
    }

    @Test
    void foundersWhenOneIsMissingWaitForItAndThenServe() {
        TestCluster cluster = open(3, Map.of());
        TestMember m1 = cluster.members().get(0);
        TestMember m2 = cluster.members().get(1);
        m1.launch();
        m2.launch();
        await().atMost(LIMIT).until(() -> m1.output().contains("not part of the cluster yet"));
        m1.kill();

        cluster.members().stream().filter(member -> !member.isAlive()).forEach(TestMember::launch);
        cluster.members().forEach(TestMember::awaitReady);
        put(m1, "v");
        assertThat(get(m2)).isEqualTo("v");
    }

    @Test
    void memberWhenItsLogDirectoryIsNotMountedRefusesAndKeepsItsState() throws IOException {
        TestCluster cluster = open(1, Map.of());
        TestMember member = cluster.members().getFirst();
        Path log = member.directory().resolve("wal");
        member.configure(Map.of("wal-dir", log.toString()));
        member.start();
        put(member, "v");
        member.terminate(LIMIT);
        Path aside = member.directory().resolve("unmounted");
        Files.move(log, aside);

        member.launch();
        assertThat(member.awaitExit(LIMIT).exitCode()).isEqualTo(CORRUPT_DATA);
        assertThat(member.output()).contains("there is no log in " + log);

        delete(log);
        Files.move(aside, log);
        member.start();
        assertThat(get(member)).isEqualTo("v");
    }

    @Test
    void memberWhenItsLogEndsBelowItsStateRefuses() throws IOException {
        TestCluster cluster = open(1, Map.of());
        TestMember member = cluster.members().getFirst();
        Path log = member.directory().resolve("wal");
        Path copy = member.directory().resolve("copy");
        member.configure(Map.of("wal-dir", log.toString()));
        member.start();
        member.terminate(LIMIT);
        copy(log, copy);
        member.start();
        put(member, "v");
        member.terminate(LIMIT);
        delete(log);
        Files.move(copy, log);

        member.launch();

        assertThat(member.awaitExit(LIMIT).exitCode()).isEqualTo(CORRUPT_DATA);
        assertThat(member.output()).contains("the log ends at index");
    }

    @Test
    void forceNewClusterWhenTheOthersRunRefuses() {
        TestCluster cluster = open(3, Map.of()).start();
        TestMember m3 = cluster.members().get(2);
        put(m3, "v");
        m3.kill();

        m3.configure(Map.of("force-new-cluster", "true"));
        m3.launch();
        assertThat(m3.awaitExit(LIMIT).exitCode()).isEqualTo(CORRUPT_DATA);
        assertThat(m3.output()).contains("must not go on alone");

        m3.configure(Map.of("force-new-cluster", "false"));
        m3.start();
        assertThat(get(m3)).isEqualTo("v");
    }

    @Test
    void forceNewClusterWhenThereIsNoLogRefuses() {
        TestCluster cluster = open(3, Map.of("force-new-cluster", "true"));
        TestMember member = cluster.members().getFirst();
        member.launch();
        assertThat(member.awaitExit(LIMIT).exitCode()).isEqualTo(CORRUPT_DATA);
        assertThat(member.output()).contains("holds none");
    }

    /** All three refuse if they start at the same time; a slow machine may let one of them be there before the others. */
    @Test
    void forceNewClusterWhenAllAreToldSoAtOnceMakesOneClusterAtMost() {
        TestCluster cluster = open(3, Map.of()).start();
        cluster.members().forEach(TestMember::kill);
        cluster.members().forEach(member -> member.configure(Map.of("force-new-cluster", "true")));
        cluster.members().forEach(TestMember::launch);
        await().atMost(LIMIT).until(() -> cluster.running().size() <= 1);
        assertThat(cluster.members().stream().filter(member -> !member.isAlive()))
                .allSatisfy(
                        member -> assertThat(member.awaitExit(LIMIT).exitCode()).isEqualTo(CORRUPT_DATA))
                .allSatisfy(member -> assertThat(member.output()).contains("must not go on alone"));
    }

    /** Its own settings name nobody whom it could ask, but those that have joined know the log that it had. */
    @Test
    void founderOfAGrownClusterWhenWipedStaysOutOfTheCluster() {
        TestCluster cluster = open(1, Map.of()).start();
        TestMember founder = cluster.members().getFirst();
        put(founder, "v");
        TestMember second = joined(cluster, "m2");
        TestMember third = joined(cluster, "m3");
        put(third, "w");
        cluster.members().forEach(TestMember::kill);
        founder.loseData();

        founder.start();
        put(founder, "wrong");
        second.launch();
        third.launch();
        second.awaitReady();
        third.awaitReady();

        await().atMost(LIMIT).until(() -> founder.output().contains("knows this member by another log"));
        assertThat(get(second)).isEqualTo("w");
        assertThat(get(third)).isEqualTo("w");
        assertThat(get(founder)).as("apart from the others").isEqualTo("wrong");
        try (Http1Transport http = new Http1Transport(founder.clientUrl())) {
            assertThat(http.send("GET", "/metrics", "").body()).contains("\nquorate_known_by_another_log 1.0\n");
        }
    }

    private TestMember joined(TestCluster cluster, String name) {
        TestMember member = cluster.newcomer(name);
        long id = cluster.addLearner(member.peerUrl()).getID();
        member.launch();
        MemberPromoteRequest promote =
                MemberPromoteRequest.newBuilder().setID(id).build();
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> cluster.grpc(cluster.leader()).cluster().memberPromote(promote), done -> true);
        member.awaitReady();
        return member;
    }

    private void put(TestMember member, String value) {
        var unused = present(opened)
                .grpc(member)
                .kv()
                .put(PutRequest.newBuilder()
                        .setKey(KEY)
                        .setValue(ByteString.copyFromUtf8(value))
                        .build());
    }

    private String get(TestMember member) {
        return present(opened)
                .grpc(member)
                .kv()
                .range(RangeRequest.newBuilder().setKey(KEY).build())
                .getKvs(0)
                .getValue()
                .toStringUtf8();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
