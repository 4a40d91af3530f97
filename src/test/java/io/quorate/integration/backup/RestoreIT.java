package io.quorate.integration.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.Channel;
import io.quorate.fixture.ComparedEtcd;
import io.quorate.fixture.EtcdProcess;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.MemberProcess;
import io.quorate.fixture.ServedState;
import io.quorate.fixture.SystemCommand;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.proto.SnapshotRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is restored from a snapshot is served: by three members that start together, and from snapshots of older releases of etcd. */
class RestoreIT {

    @TempDir
    private Path directory;

    @Test
    void clusterWhenEachMemberIsRestoredFromTheSameFileServesIt() {
        Path snapshot = directory.resolve("snapshot.db.zst");
        ServedState served;
        try (TestMember source = new MemberProcess(Map.of()).start();
                GrpcConnection grpc = GrpcConnection.to(source)) {
            FilledStore.fill(grpc);
            served = ServedState.of(grpc.channel());
            SnapshotTool.run("snapshot", "save", snapshot.toString(), "--endpoints=" + source.clientUrl());
        }
        SnapshotTool.run("snapshot", "check", snapshot.toString());
        try (TestCluster cluster = new TestCluster(3, Map.of("initial-cluster-token", "restored"))) {
            assumeTrue(cluster.members().getFirst().isQuorate(), "etcd has its own tool");
            Path log = directory.resolve("log-of-its-own");
            cluster.members().get(1).configure(Map.of("wal-dir", log.toString()));
            String all = cluster.members().stream()
                    .map(member -> member.name() + "=" + member.peerUrl())
                    .collect(Collectors.joining(","));
            for (TestMember member : cluster.members()) {
                SnapshotTool.run(
                        "snapshot",
                        "restore",
                        snapshot.toString(),
                        "--data-dir=" + member.directory().resolve("data"),
                        "--wal-dir=" + (member == cluster.members().get(1) ? log : ""),
                        "--name=" + member.name(),
                        "--initial-cluster=" + all,
                        "--initial-cluster-token=restored",
                        "--initial-advertise-peer-urls=" + member.peerUrl());
            }
            cluster.start();
            assertThat(log).isDirectoryContaining("glob:**.wal");
            for (TestMember member : cluster.members()) {
                assertThat(ServedState.of(cluster.grpc(member).channel())).isEqualTo(served);
            }
            long next = cluster.grpc(cluster.members().getFirst())
                    .put("behind", "the snapshot")
                    .getHeader()
                    .getRevision();
            assertThat(next).isEqualTo(served.hash().getHashRevision() + 1);
            for (TestMember member : cluster.members()) {
                assertThat(cluster.grpc(member).get("behind").getKvsCount()).isEqualTo(1);
            }
            assertThat(cluster.status(cluster.leader()).getIsLearner()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.4", "3.5.21", "3.6.5", ComparedEtcd.VERSION})
    void snapshotOfEtcdWhenRestoredIsServed(String version) throws IOException {
        Optional<Path> program = program(version);
        assumeTrue(program.isPresent(), "build it by .ci/etcd " + version + "; 3.4 is Debian's");
        Path snapshot = directory.resolve("snapshot.db");
        try (TestMember etcd = new EtcdProcess(program.orElseThrow(), Map.of()).start();
                GrpcConnection grpc = GrpcConnection.to(etcd);
                TestMember member = new MemberProcess(Map.of())) {
            long compacted = FilledStore.fill(grpc);
            save(grpc, snapshot);
            SnapshotTool.run(
                    "snapshot",
                    "restore",
                    snapshot.toString(),
                    "--data-dir=" + member.directory().resolve("data"),
                    "--initial-cluster=default=" + member.peerUrl(),
                    "--initial-advertise-peer-urls=" + member.peerUrl());
            member.configure(Map.of("initial-cluster", "default=" + member.peerUrl()));
            member.start();
            try (GrpcConnection restored = GrpcConnection.to(member)) {
                assertSame(grpc.channel(), restored.channel(), compacted, revision(grpc));
                assertThat(revision(restored)).isEqualTo(revision(grpc));
            }
        }
    }

    private static Optional<Path> program(String version) {
        if (!version.equals("3.4")) {
            return ComparedEtcd.program("etcd", version);
        }
        SystemCommand found = SystemCommand.attempt(List.of("etcd", "--version"));
        return Optional.of(Path.of("etcd")).filter(debians -> found.output().contains("etcd Version: 3.4."));
    }

    private static void save(GrpcConnection grpc, Path snapshot) throws IOException {
        var parts = grpc.maintenance().snapshot(SnapshotRequest.getDefaultInstance());
        try (OutputStream file = Files.newOutputStream(snapshot)) {
            while (parts.hasNext()) {
                parts.next().getBlob().writeTo(file);
            }
        }
    }

    private static long revision(GrpcConnection grpc) {
        return grpc.get("none").getHeader().getRevision();
    }

    /** Hashes are left out: what an older release counts is something else. */
    private static void assertSame(Channel expected, Channel found, long compacted, long newest) {
        assertThat(ServedState.records(found, compacted, newest))
                .isEqualTo(ServedState.records(expected, compacted, newest));
        assertThat(ServedState.leases(found))
                .isEqualTo(ServedState.leases(expected))
                .isNotEmpty();
        assertThat(ServedState.users(found))
                .isEqualTo(ServedState.users(expected))
                .isNotEmpty();
        assertThat(ServedState.roles(found))
                .isEqualTo(ServedState.roles(expected))
                .isNotEmpty();
    }
}
