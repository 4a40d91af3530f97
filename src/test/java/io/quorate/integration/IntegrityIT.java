package io.quorate.integration;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.fixture.EtcdWayProcess;
import io.quorate.fixture.EtcdWayProcess.Way;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.fixture.TestMember.Termination;
import io.quorate.proto.AlarmMember;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmType;
import io.quorate.proto.HashKVRequest;
import io.quorate.storage.Cursor;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.Reader.Scan;
import io.quorate.storage.StorageSettings;
import io.quorate.storage.WriteSet;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A member of three whose data is not what was written: it is found out, stops serving, and gets the others' state. */
class IntegrityIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final int CORRUPT_DATA = 6;

    private static TestCluster cluster;

    @BeforeAll
    static void start() {
        cluster = new TestCluster(3, Map.of("repair", "auto", "corrupt-check-time", "1s")).start();
        fill("first");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static void fill(String value) {
        for (int key = 0; key < 200; key++) {
            cluster.grpc(cluster.leader()).put("key-" + key, value + "-" + "x".repeat(500));
        }
    }

    private static Path database(TestMember member) {
        return member.directory().resolve("data").resolve("member").resolve("db");
    }

    private static int hash(TestMember member) {
        return cluster.grpc(member)
                .maintenance()
                .hashKV(HashKVRequest.getDefaultInstance())
                .getHash();
    }

    private static void assertRebuilt(TestMember member, long id) {
        cluster.awaitCaughtUp(member);
        assertThat(member.output()).contains("the state is that of the leader at index");
        assertThat(cluster.status(member).getHeader().getMemberId()).isEqualTo(id);
        assertThat(cluster.members()).extracting(IntegrityIT::hash).containsOnly(hash(cluster.leader()));
        assertThat(present(database(member).getParent()).toFile().list())
                .doesNotContain("repair.properties", "db.damaged", "db.replaced");
    }

    /** As a disk that returns something else than was written. */
    private static void damage(TestMember member) throws IOException {
        List<Path> tables;
        try (Stream<Path> files = Files.list(database(member))) {
            tables = files.filter(file -> file.toString().endsWith(".sst")).toList();
        }
        assertThat(tables).isNotEmpty();
        for (Path table : tables) {
            try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
                file.seek(16);
                int found = file.read();
                file.seek(16);
                file.write(found ^ 1);
            }
        }
    }

    /** As a fault that computes something else than the others: the checksums fit, the newest value does not. */
    private static void falsify(TestMember member) {
        Database database = Database.open(database(member), StorageSettings.DEFAULTS);
        byte[] key = {};
        byte[] value = {};
        try (Cursor cursor = database.cursor(Family.HISTORY, null, null, Scan.LONG)) {
            for (; cursor.isValid(); cursor.next()) {
                key = cursor.key();
                value = cursor.value();
            }
        }
        try (WriteSet change = database.newWriteSet()) {
            value[value.length - 1] ^= 1;
            change.put(Family.HISTORY, key, value);
            database.write(change);
        }
        database.close();
    }

    @Test
    void memberWhenItsFilesAreDamagedEndsAndIsRebuiltByItsNextStart() throws IOException {
        TestMember member = cluster.follower();
        long id = cluster.status(member).getHeader().getMemberId();
        member.terminate(STOP_LIMIT);
        damage(member);
        fill("second");

        member.launch();
        Termination end = member.awaitExit(PATIENCE);
        assertThat(end.exitCode()).as(member.logTail()).isEqualTo(CORRUPT_DATA);

        member.start();
        assertRebuilt(member, id);
        member.terminate(STOP_LIMIT);
        member.start();
        cluster.awaitCaughtUp(member);
    }

    @Test
    void memberWhenItsHistoryDiffersIsFoundAndFencedAndRebuiltByItsNextStart() {
        TestMember member = cluster.follower();
        long id = cluster.status(member).getHeader().getMemberId();
        member.terminate(STOP_LIMIT);
        falsify(member);

        member.configure(Map.of("repair", "manual", "initial-corrupt-check", "true"));
        member.launch();
        assertThat(member.awaitExit(PATIENCE).exitCode()).as(member.logTail()).isEqualTo(CORRUPT_DATA);
        assertThat(member.output()).contains("has another history");

        member.configure(Map.of("initial-corrupt-check", "false"));
        member.launch();
        await("the alarm")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(alarms())
                        .contains(AlarmMember.newBuilder()
                                .setMemberID(id)
                                .setAlarm(AlarmType.CORRUPT)
                                .build()));
        assertThatThrownBy(() -> cluster.grpc(cluster.leader()).put("a", "b")).hasMessageContaining("corrupt cluster");

        member.terminate(STOP_LIMIT);
        member.configure(Map.of("repair", "auto"));
        member.launch();
        assertThat(member.awaitExit(PATIENCE).exitCode()).as(member.logTail()).isEqualTo(CORRUPT_DATA);
        member.start();
        assertRebuilt(member, id);
        assertThat(alarms()).isEmpty();
        assertThat(cluster.grpc(member).put("a", "b").getHeader().getRevision()).isPositive();
    }

    /** As docs/runbooks.md has it, for members that are started with etcd's flags and look for nothing by themselves. */
    @Test
    void memberWhenItsHistoryDiffersAndItIsStartedByFlagsIsRebuiltByTheRunbook() {
        List<TestMember> members = Stream.of("a", "b", "c")
                .<TestMember>map(name -> new EtcdWayProcess(Way.FLAGS, Map.of("name", name), List.of()))
                .toList();
        String initial = members.stream()
                .map(member -> member.name() + "=" + member.peerUrl())
                .collect(Collectors.joining(","));
        TestMember wrong = members.getLast();
        try {
            members.forEach(member ->
                    member.configure(Map.of("initial-cluster", initial)).launch());
            members.forEach(TestMember::awaitReady);
            try (GrpcConnection grpc = GrpcConnection.to(wrong)) {
                grpc.put("k", "value");
            }
            wrong.terminate(STOP_LIMIT);
            falsify(wrong);
            wrong.start();
            wrong.terminate(STOP_LIMIT);

            wrong.configure(Map.of("quorate.repair", "auto", "initial-corrupt-check", "true"));
            wrong.launch();
            assertThat(wrong.awaitExit(PATIENCE).exitCode()).as(wrong.logTail()).isEqualTo(CORRUPT_DATA);
            wrong.start();
            assertThat(wrong.output()).contains("the state is that of the leader at index");
            try (GrpcConnection grpc = GrpcConnection.to(wrong)) {
                assertThat(grpc.get("k").getKvs(0).getValue().toStringUtf8()).isEqualTo("value");
            }
        } finally {
            members.forEach(TestMember::close);
        }
    }

    private static List<AlarmMember> alarms() {
        return cluster.grpc(cluster.leader())
                .maintenance()
                .alarm(AlarmRequest.getDefaultInstance())
                .getAlarmsList();
    }
}
