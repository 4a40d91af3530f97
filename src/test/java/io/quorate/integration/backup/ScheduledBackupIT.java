package io.quorate.integration.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.quorate.fixture.Expected;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.S3Server;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.mvcc.StoredHistory;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserListRequest;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.HashKVRequest;
import io.quorate.proto.HashKVResponse;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseLeasesRequest;
import io.quorate.proto.LeaseStatus;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import io.quorate.storage.Database;
import io.quorate.storage.StorageSettings;
import io.quorate.storage.View;
import io.quorate.tool.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that back themselves up, their disasters, and what comes back. */
class ScheduledBackupIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern DOCUMENTED = Pattern.compile("`bin/quorate (snapshot \\S+ --from=[^`]*)`");

    @TempDir
    private Path directory;

    /** What HashKV said of each revision when it was the newest. */
    private final TreeMap<Long, HashKVResponse> truth = new TreeMap<>();

    @BeforeEach
    void onlyHere() {
        try (TestMember member = TestMember.create(Map.of())) {
            assumeTrue(member.isQuorate(), "etcd makes no backups");
        }
    }

    /** Puts, deletions, transactions, a compaction now and then; notes the truth of each revision. */
    private void write(GrpcConnection grpc, SplittableRandom random, int requests) {
        for (int i = 0; i < requests; i++) {
            String key = "key" + random.nextInt(20);
            switch (random.nextInt(4)) {
                case 0 -> {
                    var unused = grpc.kv()
                            .deleteRange(DeleteRangeRequest.newBuilder()
                                    .setKey(ByteString.copyFromUtf8(key))
                                    .build());
                }
                case 1 -> {
                    TxnRequest.Builder txn = TxnRequest.newBuilder();
                    for (int sub = 0; sub < 3; sub++) {
                        txn.addSuccess(RequestOp.newBuilder().setRequestPut(put(key + sub, "v" + i)));
                    }
                    var unused = grpc.kv().txn(txn.build());
                }
                default -> {
                    var unused = grpc.put(key, "v" + i);
                }
            }
            HashKVResponse hash = grpc.maintenance().hashKV(HashKVRequest.getDefaultInstance());
            truth.put(hash.getHashRevision(), hash);
        }
    }

    private static PutRequest put(String key, String value) {
        return PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8(value))
                .build();
    }

    private void awaitBackedUp(TestMember member) {
        long newest = truth.lastKey();
        await("a backup of revision " + newest)
                .atMost(PATIENCE)
                .until(() -> BackupActuator.revision(BackupActuator.read(member)) >= newest);
    }

    private static int tool(List<String> arguments) {
        return Tool.namedBy(arguments.toArray(String[]::new)).orElseThrow().run(arguments);
    }

    /** The hash of what was restored, for the compacted revision of the truth. */
    private void assertTrue(Path data, HashKVResponse expected) {
        try (Database database = Database.open(data.resolve("member").resolve("db"), StorageSettings.DEFAULTS);
                View view = database.view()) {
            StoredHistory history = new StoredHistory(view);
            assertThat(history.newestRevision()).isEqualTo(expected.getHashRevision());
            assertThat(history.hashKv(expected.getHashRevision(), expected.getCompactRevision())
                            .hash())
                    .as("revision %s", expected.getHashRevision())
                    .isEqualTo(expected.getHash());
        }
    }

    /** A member that serves what was restored has the same keys, leases and users. */
    private void assertServes(Path data, HashKVResponse expected) throws IOException {
        try (TestMember restored = TestMember.create(Map.of())) {
            Files.createDirectories(restored.directory().resolve("data"));
            Files.move(
                    data.resolve("member"), restored.directory().resolve("data").resolve("member"));
            restored.start();
            try (GrpcConnection grpc = GrpcConnection.to(restored)) {
                HashKVResponse hash = grpc.maintenance()
                        .hashKV(HashKVRequest.newBuilder()
                                .setRevision(expected.getHashRevision())
                                .build());
                assertThat(hash.getHash()).isEqualTo(expected.getHash());
                assertThat(hash.getCompactRevision()).isEqualTo(expected.getCompactRevision());
                assertThat(grpc.lease()
                                .leaseLeases(LeaseLeasesRequest.getDefaultInstance())
                                .getLeasesList())
                        .extracting(LeaseStatus::getID)
                        .containsExactlyInAnyOrder(7L, 8L);
                assertThat(AuthGrpc.newBlockingStub(grpc.channel())
                                .userList(AuthUserListRequest.getDefaultInstance())
                                .getUsersList())
                        .containsExactly("alice");
                assertThat(grpc.put("after", "1").getHeader().getRevision()).isEqualTo(expected.getHashRevision() + 1);
            }
        }
    }

    private static void grant(GrpcConnection grpc, long lease) {
        var unused = grpc.lease()
                .leaseGrant(
                        LeaseGrantRequest.newBuilder().setID(lease).setTTL(5000).build());
    }

    private static void addAlice(GrpcConnection grpc) {
        var unused = AuthGrpc.newBlockingStub(grpc.channel())
                .userAdd(AuthUserAddRequest.newBuilder()
                        .setName("alice")
                        .setPassword("secret")
                        .build());
    }

    @Test
    void clusterWhenLeadersAreKilledIsRestoredToAnyRevision() throws IOException {
        Path store = Files.createDirectories(directory.resolve("store"));
        SplittableRandom random = new SplittableRandom(5);
        Map<String, String> settings =
                Map.of("backup.to", store.toUri().toString(), "backup.interval", "300ms", "backup.segment-size", "1KB");
        try (TestCluster cluster = new TestCluster(3, settings).start()) {
            grant(cluster.grpc(cluster.leader()), 7);
            for (int round = 0; round < 3; round++) {
                TestMember leader = cluster.leader();
                write(cluster.grpc(leader), random, 25);
                if (round == 1) {
                    addAlice(cluster.grpc(leader));
                    grant(cluster.grpc(leader), 8);
                    awaitBackedUp(leader); // what is compacted before that is in no backup
                    cluster.grpc(leader).compact(truth.lastKey() - 5);
                    write(cluster.grpc(leader), random, 5);
                }
                String answer = BackupActuator.request(cluster.follower());
                assertThat(answer).contains("ask it");
                assertThat(BackupActuator.request(leader)).containsAnyOf("begins soon", "ask it");
                leader.kill();
                write(cluster.grpc(cluster.leader()), random, 10);
                leader.start();
            }
            awaitBackedUp(cluster.leader());
        }

        String from = "--from=" + store.toUri();
        assertThat(tool(List.of("snapshot", "verify", from))).isZero();
        List<Long> revisions = new ArrayList<>(truth.keySet());
        for (int i = 0; i < revisions.size(); i += 7) {
            Path data = directory.resolve("restored" + i);
            assertThat(tool(List.of(
                            "snapshot", "restore", from, "--data-dir=" + data, "--to-revision=" + revisions.get(i))))
                    .isZero();
            assertTrue(data, Expected.present(truth.get(revisions.get(i))));
        }
        Path newest = directory.resolve("newest");
        assertThat(tool(List.of("snapshot", "restore", from, "--data-dir=" + newest)))
                .isZero();
        assertServes(newest, truth.lastEntry().getValue());
    }

    /** The commands of docs/operations.md, with a real server of S3 that is killed meanwhile, and a key. */
    @Test
    void commandsOfTheDocumentWhenRunAgainstRealBucketRestore() throws IOException {
        S3Server server = S3Server.in(directory.resolve("s3")).orElse(null);
        assumeTrue(server != null, "the server of S3 was not built, see .ci/s3");
        Path credentials = server.credentials(directory.resolve("credentials"));
        Path key = Files.write(directory.resolve("backup.key"), new byte[] {
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
            30, 31, 32
        });
        SplittableRandom random = new SplittableRandom(6);
        Map<String, String> settings = Map.of(
                "backup.to", server.url(),
                "backup.interval", "300ms",
                "backup.credentials-file", credentials.toString(),
                "backup.key-file", key.toString());
        try (server;
                TestMember member = TestMember.create(settings)) {
            server.start();
            member.start();
            try (GrpcConnection grpc = GrpcConnection.to(member)) {
                grant(grpc, 7);
                grant(grpc, 8);
                addAlice(grpc);
                var unused = grpc.put("large", "x".repeat(1_000_000));
                write(grpc, random, 20);
                awaitBackedUp(member);
                server.kill();
                write(grpc, random, 20);
                await("lag while the store is away")
                        .atMost(PATIENCE)
                        .until(() -> BackupActuator.read(member), answer -> answer.contains("cannot be reached"));
                server.start();
                awaitBackedUp(member);
            }
            member.kill();

            int run = 0;
            Matcher documented = DOCUMENTED.matcher(Files.readString(Path.of("docs/operations.md")));
            while (documented.find()) {
                run++;
                assertThat(tool(arguments(documented.group(1), server, credentials, key)))
                        .as(documented.group(1))
                        .isZero();
            }
            assertThat(run).isEqualTo(5);
            assertTrue(directory.resolve("m2"), truth.firstEntry().getValue());
            assertTrue(directory.resolve("m3"), truth.lastEntry().getValue());
            assertTrue(directory.resolve("m1.etcd"), truth.lastEntry().getValue());
            assertServes(directory.resolve("m1"), truth.lastEntry().getValue());
        }
    }

    /** The words of a documented command, with what is here in place of the examples. */
    private List<String> arguments(String command, S3Server server, Path credentials, Path key) {
        List<String> words = new ArrayList<>();
        for (String word : command.split(" ")) {
            words.add(word.replace("s3://backups/prod", server.url())
                    .replaceAll("=credentials$", "=" + credentials)
                    .replaceAll("=backup.key$", "=" + key)
                    .replaceAll("--data-dir=(.*)", "--data-dir=" + directory.resolve("$1"))
                    .replaceAll("--to-revision=.*", "--to-revision=" + truth.firstKey())
                    .replaceAll("--to-time=.*", "--to-time=" + Instant.now()));
        }
        return words;
    }
}
