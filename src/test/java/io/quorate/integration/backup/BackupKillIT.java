package io.quorate.integration.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.quorate.backup.archive.ArchiveCheck;
import io.quorate.backup.archive.ArchiveListing;
import io.quorate.backup.archive.RestorePlan;
import io.quorate.backup.archive.RestoreTarget;
import io.quorate.backup.archive.Seal;
import io.quorate.backup.store.BackupStore;
import io.quorate.base.Directories;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.S3Server;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.mvcc.StoredHistory;
import io.quorate.proto.HashKVRequest;
import io.quorate.proto.HashKVResponse;
import io.quorate.proto.PutRequest;
import io.quorate.proto.PutResponse;
import io.quorate.storage.Database;
import io.quorate.storage.StorageSettings;
import io.quorate.storage.View;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Members that are killed while they write segments and full backups, as often as {@code -Dbackup.rounds} says. What a member said before
 * can be restored is restored by the store alone, whenever that was; another member takes over, or the next start goes on.
 */
class BackupKillIT {

    private static final int ROUNDS = Integer.getInteger("backup.rounds", 2);
    private static final long SEED = Long.getLong("backup.seed", System.nanoTime());
    private static final int ROUNDS_MANY = 20;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration INTERVAL = Duration.ofMillis(300);

    /** What a clock that is read and a view that is taken may lie apart on a machine that is busy. */
    private static final Duration MOMENT = Duration.ofMillis(100);

    /** About what the rest of a full backup takes when a part of it is there. */
    private static final Duration REST_OF_FULL = Duration.ofMillis(400);

    private static final int LARGE_VALUES = 14;
    private static final int LARGE_BYTES = 1 << 20;
    private static final int RESTORED_REVISIONS = 6;

    @TempDir
    private Path directory;

    private final SplittableRandom random = new SplittableRandom(SEED);

    /** A cluster and where it writes to. */
    record Scenario(int members, boolean toBucket) {}

    static Stream<Scenario> scenarios() {
        Stream<Scenario> usual = Stream.of(new Scenario(3, false), new Scenario(1, true));
        return ROUNDS < ROUNDS_MANY
                ? usual
                : Stream.concat(usual, Stream.of(new Scenario(1, false), new Scenario(3, true)));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void backupWhenItsMemberIsKilledAtAnyTimeGoesOnAndRestores(Scenario scenario) throws IOException {
        try (TestMember member = TestMember.create(Map.of())) {
            assumeTrue(member.isQuorate(), "etcd makes no backups");
        }
        System.out.printf("BackupKillIT: %s -Dbackup.seed=%d%n", scenario, SEED);
        try (KillPlace place = place(scenario.toBucket);
                TestCluster cluster = new TestCluster(scenario.members, settings(place)).start()) {
            TestMember first = cluster.leader();
            fill(cluster.grpc(first));
            awaitBackedUp(first, 1 + LARGE_VALUES);
            try (NotedWriter writer = new NotedWriter(first, SEED)) {
                writer.start();
                int within = 0;
                int rounds = Math.max(1, ROUNDS / (int) scenarios().count());
                for (int round = 0; round < rounds; round++) {
                    within += round(cluster, place, writer, round % 2 == 0) ? 1 : 0;
                }
                System.out.printf(
                        "BackupKillIT: %s: killed %d times, %d of them within a full backup; %d revisions acknowledged%n",
                        scenario, rounds, within, writer.acknowledged().size());
                assertThat(rounds < ROUNDS_MANY || within > 0).isTrue();
                writer.close();
                finish(cluster, place, writer.acknowledged());
            }
        }
    }

    private KillPlace place(boolean toBucket) throws IOException {
        if (!toBucket) {
            return KillPlace.directory(directory.resolve("store"));
        }
        S3Server server = S3Server.in(directory.resolve("s3")).orElse(null);
        assumeTrue(server != null, "the server of S3 was not built, see .ci/s3");
        return KillPlace.bucket(directory.resolve("s3"), server);
    }

    private static Map<String, String> settings(KillPlace place) {
        Map<String, String> settings = new HashMap<>(place.settings());
        settings.put("backup.interval", INTERVAL.toMillis() + "ms");
        settings.put("backup.segment-size", "1MB");
        return settings;
    }

    /** Enough that nobody compresses for a full backup to have parts. */
    private void fill(GrpcConnection grpc) {
        for (int i = 0; i < LARGE_VALUES; i++) {
            byte[] value = new byte[LARGE_BYTES];
            random.nextBytes(value);
            PutResponse unused = grpc.kv()
                    .put(PutRequest.newBuilder()
                            .setKey(ByteString.copyFromUtf8("large/" + i))
                            .setValue(ByteString.copyFrom(value))
                            .build());
        }
    }

    /** Kills the leader; returns whether that left a part of a full backup behind. */
    private boolean round(TestCluster cluster, KillPlace place, NotedWriter writer, boolean withinFull)
            throws IOException {
        TestMember leader = cluster.leader();
        writer.to(leader);
        await("a leader that makes the backups")
                .atMost(PATIENCE)
                .until(() -> BackupActuator.read(leader), BackupActuator::isActive);
        Set<Path> before = place.leftovers();
        long asked = System.nanoTime();
        String said = BackupActuator.read(leader);
        if (withinFull) {
            assertThat(BackupActuator.request(leader)).contains("begins soon");
            await("a full backup under way")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> place.hasPartOfFull(before));
        }
        Duration longest = withinFull ? REST_OF_FULL : INTERVAL.multipliedBy(2);
        LockSupport.parkNanos(random.nextLong(longest.toNanos()));
        leader.kill();
        boolean within = place.hasPartOfFull(before);
        long covered = asked - (long) (BackupActuator.lag(said) * 1e9) - MOMENT.toNanos();
        checkStore(place, Math.max(BackupActuator.revision(said), writer.newestBefore(covered)));
        leader.start();
        TestMember next = cluster.leader();
        writer.to(next);
        awaitBackedUp(next, writer.newestBefore(System.nanoTime()));
        return within;
    }

    /** What is there restores up to what was promised, and is what members noted. */
    private void checkStore(KillPlace place, long promised) throws IOException {
        try (BackupStore store = place.open()) {
            long cluster = ArchiveListing.clusters(store).getFirst();
            RestorePlan plan =
                    RestorePlan.of(new ArchiveListing(store, cluster, Seal.NONE), new RestoreTarget.Newest());
            ArchiveCheck.Report report =
                    new ArchiveCheck(store, Seal.NONE, directory.resolve("scratch")).run(plan, ArchiveCheck.NOBODY);
            assertThat(report.revision()).isGreaterThanOrEqualTo(promised);
        }
    }

    private static void awaitBackedUp(TestMember member, long revision) {
        await("a backup of revision " + revision)
                .atMost(PATIENCE)
                .until(() -> BackupActuator.revision(BackupActuator.read(member)), found -> found >= revision);
    }

    /** Each revision comes back, and what kills have left behind goes. */
    private void finish(TestCluster cluster, KillPlace place, NavigableMap<Long, Long> noted) throws IOException {
        TestMember leader = cluster.leader();
        awaitBackedUp(leader, noted.lastKey());
        SnapshotTool.run(words("verify", place));
        List<Long> acknowledged = List.copyOf(noted.keySet());
        for (int i = 0; i < RESTORED_REVISIONS; i++) {
            int index = i * (acknowledged.size() - 1) / (RESTORED_REVISIONS - 1);
            assertRestored(place, hash(cluster.grpc(leader), acknowledged.get(index)));
        }
        Set<Path> old = place.age(Duration.ofDays(2));
        assertThat(BackupActuator.request(leader)).contains("begins soon");
        await("a full backup that removes what was left over")
                .atMost(PATIENCE)
                .until(() -> Collections.disjoint(place.leftovers(), old));
        await("its end").atMost(PATIENCE).until(() -> place.leftovers().isEmpty());
        SnapshotTool.run(words("verify", place));
    }

    private static String[] words(String command, KillPlace place, String... more) {
        return Stream.of(List.of("snapshot", command), place.options(), List.of(more))
                .flatMap(List::stream)
                .toArray(String[]::new);
    }

    private static HashKVResponse hash(GrpcConnection grpc, long revision) {
        return grpc.maintenance()
                .hashKV(HashKVRequest.newBuilder().setRevision(revision).build());
    }

    private void assertRestored(KillPlace place, HashKVResponse truth) throws IOException {
        long revision = truth.getHashRevision();
        Path data = directory.resolve("restored");
        SnapshotTool.run(words("restore", place, "--data-dir=" + data, "--to-revision=" + revision));
        try (Database database = Database.open(data.resolve("member").resolve("db"), StorageSettings.DEFAULTS);
                View view = database.view()) {
            StoredHistory history = new StoredHistory(view);
            assertThat(history.newestRevision()).isEqualTo(revision);
            assertThat(history.hashKv(revision, truth.getCompactRevision()).hash())
                    .as("revision %s", revision)
                    .isEqualTo(truth.getHash());
        }
        Directories.delete(data);
    }
}
