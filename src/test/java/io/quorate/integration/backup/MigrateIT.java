package io.quorate.integration.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.quorate.fixture.ComparedEtcd;
import io.quorate.fixture.EtcdProcess;
import io.quorate.fixture.Expected;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.MemberProcess;
import io.quorate.fixture.OpenedParts;
import io.quorate.fixture.SystemCommand;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthRoleAddRequest;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserListRequest;
import io.quorate.proto.HashKVRequest;
import io.quorate.proto.HashKVResponse;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseTimeToLiveRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The directory of a stopped etcd, of any version that is here, becomes that of a member. */
class MigrateIT {

    private static final long LEASE = 77;

    private final OpenedParts opened = new OpenedParts();

    @AfterEach
    void close() throws Exception {
        opened.close();
    }

    /** Today's, that of the system, and those in the folders beside today's. */
    static List<Path> programs() throws IOException {
        List<Path> programs = new ArrayList<>();
        Path today = ComparedEtcd.program("etcd").orElse(null);
        if (today != null) {
            try (Stream<Path> homes = Files.list(
                    Expected.present(Expected.present(today.getParent()).getParent()))) {
                homes.map(home -> home.resolve("etcd"))
                        .filter(Files::isExecutable)
                        .sorted()
                        .forEach(programs::add);
            }
        }
        Path system = Path.of("/usr/bin/etcd");
        if (Files.isExecutable(system)) {
            programs.add(system);
        }
        return programs;
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static List<String> command(String... arguments) {
        List<String> command = MemberProcess.launcher();
        command.add("migrate");
        command.addAll(List.of(arguments));
        return command;
    }

    static void fill(GrpcConnection grpc) {
        for (int i = 0; i < 100; i++) {
            grpc.put("k" + i % 30, "v" + i);
        }
        var unusedLease = grpc.lease()
                .leaseGrant(
                        LeaseGrantRequest.newBuilder().setID(LEASE).setTTL(600).build());
        var unusedPut = grpc.kv()
                .put(PutRequest.newBuilder()
                        .setKey(bytes("leased"))
                        .setLease(LEASE)
                        .build());
        grpc.compact(50);
        AuthGrpc.AuthBlockingStub auth = AuthGrpc.newBlockingStub(grpc.channel());
        var unusedUser = auth.userAdd(AuthUserAddRequest.newBuilder()
                .setName("bob")
                .setPassword("secret")
                .build());
        var unusedRole =
                auth.roleAdd(AuthRoleAddRequest.newBuilder().setName("reader").build());
        grpc.put("last", "1");
    }

    static RangeResponse all(GrpcConnection grpc) {
        return grpc.kv()
                .range(RangeRequest.newBuilder()
                        .setKey(bytes("a"))
                        .setRangeEnd(bytes("z"))
                        .build());
    }

    private static HashKVResponse hash(GrpcConnection grpc) {
        return grpc.maintenance().hashKV(HashKVRequest.getDefaultInstance());
    }

    @ParameterizedTest
    @MethodSource("programs")
    void memberWhenMadeOfAKilledEtcdIsTheSame(Path program) {
        EtcdProcess etcd = opened.add(new EtcdProcess(program, Map.of()));
        etcd.start();
        RangeResponse there;
        HashKVResponse hashThere;
        TestMember member = opened.add(TestMember.create(Map.of()));
        String[] migration = {
            "--from=" + etcd.directory().resolve("data"),
            "--data-dir=" + member.directory().resolve("data")
        };
        try (GrpcConnection grpc = GrpcConnection.to(etcd)) {
            fill(grpc);
            there = all(grpc);
            hashThere = hash(grpc);
            assertThat(SystemCommand.attempt(command(migration)).output()).contains("runs. Stop it first.");
        }
        etcd.kill();

        SystemCommand.run(command(migration));
        member.start();
        GrpcConnection here = opened.add(GrpcConnection.to(member));
        assertThat(all(here).getKvsList()).isEqualTo(there.getKvsList());
        assertThat(all(here).getHeader().getRevision())
                .isEqualTo(there.getHeader().getRevision());
        assertThat(all(here).getHeader().getClusterId())
                .isEqualTo(there.getHeader().getClusterId());
        HashKVResponse hashHere = hash(here);
        assertThat(hashHere.getCompactRevision()).isEqualTo(hashThere.getCompactRevision());
        assertThat(hashHere.getHash()).isEqualTo(hashThere.getHash());
        assertThat(here.lease()
                        .leaseTimeToLive(LeaseTimeToLiveRequest.newBuilder()
                                .setID(LEASE)
                                .setKeys(true)
                                .build())
                        .getKeysList())
                .containsExactly(bytes("leased"));
        assertThat(AuthGrpc.newBlockingStub(here.channel())
                        .userList(AuthUserListRequest.getDefaultInstance())
                        .getUsersList())
                .containsExactly("bob");
        here.put("more", "1");
    }

    @Test
    void clusterWhenAllMembersAreMigratedComesUpAsTheSame() {
        assumeTrue(ComparedEtcd.program("etcd").isPresent(), "today's etcd was not built, see .ci/etcd");
        List<EtcdProcess> etcds = IntStream.range(0, 3)
                .mapToObj(i -> opened.add(new EtcdProcess(Map.of())))
                .toList();
        String members = IntStream.range(0, 3)
                .mapToObj(i -> "m" + i + "=" + etcds.get(i).peerUrl())
                .collect(Collectors.joining(","));
        for (int i = 0; i < 3; i++) {
            etcds.get(i)
                    .configure(Map.of("name", "m" + i, "initial-cluster", members))
                    .launch();
        }
        etcds.forEach(TestMember::awaitReady);
        RangeResponse there;
        try (GrpcConnection grpc = GrpcConnection.to(etcds.getFirst())) {
            fill(grpc);
            there = all(grpc);
        }
        etcds.forEach(TestMember::kill);

        List<TestMember> started = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            TestMember member = opened.add(TestMember.create(Map.of(
                    "name",
                    "m" + i,
                    "initial-cluster",
                    members,
                    "listen-peer-urls",
                    etcds.get(i).peerUrl(),
                    "initial-advertise-peer-urls",
                    etcds.get(i).peerUrl())));
            SystemCommand.run(command(
                    "--from=" + etcds.get(i).directory().resolve("data"),
                    "--data-dir=" + member.directory().resolve("data")));
            member.launch();
            started.add(member);
        }
        started.forEach(TestMember::awaitReady);
        for (TestMember member : started) {
            try (GrpcConnection here = GrpcConnection.to(member)) {
                assertThat(all(here).getKvsList()).isEqualTo(there.getKvsList());
                here.put("z" + member.clientPort(), "1"); // behind the range
            }
        }
    }
}
