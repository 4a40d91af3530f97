package io.quorate.integration.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.quorate.bbolt.BboltFile;
import io.quorate.bbolt.FileCheck;
import io.quorate.fixture.ComparedEtcd;
import io.quorate.fixture.EtcdProcess;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.SystemCommand;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthRoleGetRequest;
import io.quorate.proto.AuthUserGetRequest;
import io.quorate.proto.HashKVRequest;
import io.quorate.proto.HashKVResponse;
import io.quorate.proto.LeaseTimeToLiveRequest;
import io.quorate.proto.LeaseTimeToLiveResponse;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.SnapshotRequest;
import io.quorate.proto.SnapshotResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot of a member is a file of etcd: its parts, its checksum, and an etcd that goes on from it. */
class SnapshotIT {

    private static final int CHECKSUM_BYTES = 32;
    private static final int PART_BYTES = 32 << 10;

    @TempDir
    private Path directory;

    @Test
    void partsWhenReceivedCountDownToTheChecksum() throws IOException, NoSuchAlgorithmException {
        try (TestMember member = TestMember.create(Map.of()).start();
                GrpcConnection grpc = GrpcConnection.to(member)) {
            FilledStore.fill(grpc);
            List<SnapshotResponse> parts = new ArrayList<>();
            snapshot(grpc).forEachRemaining(parts::add);

            long size = parts.stream().mapToLong(part -> part.getBlob().size()).sum();
            assertThat(size % 512).isEqualTo(CHECKSUM_BYTES);
            long left = size - CHECKSUM_BYTES;
            for (SnapshotResponse part : parts.subList(0, parts.size() - 1)) {
                left -= part.getBlob().size();
                assertThat(part.getRemainingBytes()).isEqualTo(left);
                assertThat(part.getBlob().size()).isLessThanOrEqualTo(PART_BYTES);
                assertThat(part.getVersion()).isEqualTo("3.7.0");
                assertThat(part.hasHeader()).isFalse();
            }
            byte[] file = bytes(parts);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(file, 0, file.length - CHECKSUM_BYTES);
            assertThat(Arrays.copyOfRange(file, file.length - CHECKSUM_BYTES, file.length))
                    .isEqualTo(digest.digest());
            try (BboltFile read = BboltFile.open(Files.write(directory.resolve("snapshot.db"), file))) {
                assertThat(FileCheck.run(read).records()).isPositive();
                assertThat(read.buckets())
                        .containsExactly(
                                "alarm",
                                "auth",
                                "authRoles",
                                "authUsers",
                                "cluster",
                                "key",
                                "lease",
                                "members",
                                "members_removed",
                                "meta");
            }
        }
    }

    @Test
    void snapshotWhenItsReaderGoesAwayHoldsNothing() {
        try (TestMember member = TestMember.create(Map.of()).start();
                GrpcConnection grpc = GrpcConnection.to(member)) {
            FilledStore.fill(grpc);
            for (int i = 0; i < 30; i++) { // more than there may be at the same time
                Context.CancellableContext context = Context.current().withCancellation();
                context.run(() -> assertThat(snapshot(grpc).next().getBlob()).isNotEmpty());
                context.cancel(null);
            }
            await().untilAsserted(() -> assertThat(snapshot(grpc).hasNext()).isTrue());
        }
    }

    /** The way back: what etcd serves from it is what was here. */
    @Test
    void snapshotWhenRestoredByEtcdIsTheSameHistory() throws IOException {
        Path etcdutl = ComparedEtcd.program("etcdutl").orElse(null);
        assumeTrue(etcdutl != null, "today's etcdutl was not built, see .ci/etcd");
        Path snapshot = directory.resolve("snapshot.db");
        try (TestMember member = TestMember.create(Map.of()).start();
                GrpcConnection grpc = GrpcConnection.to(member);
                EtcdProcess etcd = new EtcdProcess(Map.of())) {
            long compacted = FilledStore.fill(grpc);
            List<SnapshotResponse> parts = new ArrayList<>();
            snapshot(grpc).forEachRemaining(parts::add);
            Files.write(snapshot, bytes(parts));
            Path data = directory.resolve("restored");
            SystemCommand.run(
                    etcdutl.toString(),
                    "snapshot",
                    "restore",
                    snapshot.toString(),
                    "--data-dir=" + data,
                    "--initial-cluster=default=" + etcd.peerUrl(),
                    "--initial-advertise-peer-urls=" + etcd.peerUrl());
            etcd.launchOn(data, Map.of());
            etcd.awaitReady();
            try (GrpcConnection restored = GrpcConnection.to(etcd)) {
                assertSame(grpc, restored, compacted);
            }
        }
    }

    private static void assertSame(GrpcConnection ours, GrpcConnection theirs, long compacted) {
        HashKVResponse hash = ours.maintenance().hashKV(HashKVRequest.getDefaultInstance());
        HashKVResponse other = theirs.maintenance().hashKV(HashKVRequest.getDefaultInstance());
        assertThat(other.getHash()).isEqualTo(hash.getHash());
        assertThat(other.getHashRevision()).isEqualTo(hash.getHashRevision());
        assertThat(other.getCompactRevision()).isEqualTo(compacted);
        for (long revision = compacted; revision <= hash.getHashRevision(); revision++) {
            assertThat(all(theirs, revision)).isEqualTo(all(ours, revision));
        }
        assertThatThrownBy(() -> all(theirs, compacted - 1)).hasMessageContaining("compacted");
        LeaseTimeToLiveRequest request = LeaseTimeToLiveRequest.newBuilder()
                .setID(FilledStore.LEASE)
                .setKeys(true)
                .build();
        LeaseTimeToLiveResponse lease = theirs.lease().leaseTimeToLive(request);
        assertThat(lease.getGrantedTTL()).isEqualTo(5000);
        assertThat(lease.getKeysList())
                .containsExactlyInAnyOrderElementsOf(
                        ours.lease().leaseTimeToLive(request).getKeysList());
        AuthGrpc.AuthBlockingStub users = AuthGrpc.newBlockingStub(theirs.channel());
        assertThat(users.userGet(
                                AuthUserGetRequest.newBuilder().setName("alice").build())
                        .getRolesList())
                .containsExactly("reader");
        assertThat(users.roleGet(AuthRoleGetRequest.newBuilder()
                                .setRole("reader")
                                .build())
                        .getPermList())
                .hasSize(1);
    }

    private static List<?> all(GrpcConnection grpc, long revision) {
        return grpc.kv()
                .range(RangeRequest.newBuilder()
                        .setKey(ByteString.copyFrom(new byte[1]))
                        .setRangeEnd(ByteString.copyFrom(new byte[1]))
                        .setRevision(revision)
                        .build())
                .getKvsList();
    }

    private static Iterator<SnapshotResponse> snapshot(GrpcConnection grpc) {
        return grpc.maintenance().snapshot(SnapshotRequest.getDefaultInstance());
    }

    private static byte[] bytes(List<SnapshotResponse> parts) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (SnapshotResponse part : parts) {
            part.getBlob().writeTo(file);
        }
        return file.toByteArray();
    }
}
