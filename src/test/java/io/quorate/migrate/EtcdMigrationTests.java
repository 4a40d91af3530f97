package io.quorate.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.apply.ConsistentIndex;
import io.quorate.apply.LogGate;
import io.quorate.apply.RequestCodec;
import io.quorate.apply.StoredConfState;
import io.quorate.bbolt.BboltImage;
import io.quorate.bbolt.Bucket;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.wal.Disk;
import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalCorruptException;
import io.quorate.node.wal.WalSettings;
import io.quorate.node.wal.WalSnapshot;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.raft.Entry;
import io.quorate.raft.Snapshot;
import io.quorate.storage.Cursor;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.Reader;
import io.quorate.storage.StorageSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The recorded directory is that of an etcd 3.4.23 that was killed: 50 puts, a lease with a key, a deletion, a compaction, a user and a
 * role. Its database stands at entry 57, its log ends at 61.
 */
class EtcdMigrationTests {

    private static final Path RECORDED = Path.of("src", "test", "resources", "etcd-3.4");
    private static final long MEMBER = 0x5c76a90ae78bcee7L;

    @TempDir
    private Path scratch;

    private Path source;
    private Path target;

    @BeforeEach
    void copyRecordedDirectory() throws IOException {
        source = scratch.resolve("etcd");
        target = scratch.resolve("quorate");
        try (Stream<Path> files = Files.walk(RECORDED)) {
            for (Path file : files.toList()) {
                Files.copy(file, source.resolve(RECORDED.relativize(file).toString()));
            }
        }
    }

    @Test
    void stateWhenMigratedIsThatOfTheDatabase() {
        EtcdMigration.Result result = migrate();

        assertThat(result.identity().getNodeID()).isEqualTo(MEMBER);
        assertThat(result.revision()).isEqualTo(53);
        assertThat(result.applied()).isEqualTo(57);
        try (Database database = Database.open(target.resolve("member").resolve("db"), StorageSettings.DEFAULTS)) {
            assertThat(new ConsistentIndex(database).index()).isEqualTo(57);
            assertThat(StoredConfState.load(database))
                    .satisfies(state -> assertThat(state.voters()).containsExactly(MEMBER));
            assertThat(count(database, Family.HISTORY)).isEqualTo(52);
            assertThat(count(database, Family.CURRENT)).isEqualTo(50);
            assertThat(count(database, Family.LEASE)).isEqualTo(1);
            assertThat(count(database, Family.MEMBER)).isEqualTo(1);
        }
    }

    @Test
    void logWhenMigratedHoldsWhatTheDatabaseHasNot() throws IOException {
        migrate();

        Path log = target.resolve("member").resolve("wal");
        List<WalSnapshot> notes = Wal.snapshots(log);
        Snapshot base = SnapshotFiles.newestIn(target.resolve("member").resolve("snap"), Disk.system(), notes)
                .orElseThrow();
        Wal.Recovery recovery = Wal.open(log, WalSnapshot.of(base), WalSettings.DEFAULT);
        recovery.wal().close();
        assertThat(base.index()).isEqualTo(57);
        assertThat(recovery.hardState().commit()).isEqualTo(61);
        assertThat(recovery.entries()).extracting(Entry::index).containsExactly(58L, 59L, 60L, 61L);
        assertThat(RequestCodec.decode(recovery.entries().get(1).data()).hasAuthUserAdd())
                .isTrue();
    }

    @Test
    void entriesWhenOfInterfaceV2BecomeRequests() throws IOException {
        List<Entry> entries = io.quorate.node.wal.EtcdLog.read(
                        source.resolve("member").resolve("wal"), WalSnapshot.NONE, Disk.system())
                .entries()
                .stream()
                .map(EntryTranslation::translate)
                .toList();

        assertThat(entries)
                .hasSize(61)
                .allSatisfy(entry -> assertThat(LogGate.unreadability(entry)).isNull());
        InternalRaftRequest published = RequestCodec.decode(entries.get(2).data());
        assertThat(published.getClusterMemberAttrSet().getMemberID()).isEqualTo(MEMBER);
        assertThat(published.getClusterMemberAttrSet().getMemberAttributes().getName())
                .isEqualTo("m1");
        assertThat(RequestCodec.decode(entries.get(3).data())
                        .getClusterVersionSet()
                        .getVer())
                .isEqualTo("3.7.0");
    }

    @Test
    void oldDirectoryWhenMigratedIsUnchanged() throws IOException {
        Map<String, String> before = contents(source);

        migrate();

        assertThat(contents(source)).isEqualTo(before);
    }

    @Test
    void leftoverWhenATryWasCutShortIsReplaced() throws IOException {
        Path leftover =
                Files.createDirectories(target.resolve("member.restore-1").resolve("db"));
        Files.writeString(leftover.resolve("CURRENT"), "half");

        migrate();

        assertThat(target.resolve("member.restore-1")).doesNotExist();
        assertThat(target.resolve("member").resolve("wal")).isDirectory();
    }

    @Test
    void migrationWhenTheTargetHasAMemberIsRefused() {
        migrate();

        assertThatThrownBy(this::migrate)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("holds a member already");
    }

    @Test
    void migrationWhenTheLogIsDamagedLeavesNoMember() throws IOException {
        Path segment = source.resolve("member").resolve("wal").resolve("0000000000000000-0000000000000000.wal");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[1000] ^= 1;
        Files.write(segment, bytes);

        assertThatThrownBy(this::migrate).isInstanceOf(WalCorruptException.class);
        assertThat(target.resolve("member")).doesNotExist();
    }

    @Test
    void migrationWhenThereIsNoDatabaseIsRefused() throws IOException {
        Files.delete(source.resolve("member").resolve("snap").resolve("db"));
        assertThatThrownBy(this::migrate)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("is not the data directory of an etcd");
    }

    private EtcdMigration.Result migrate() {
        return new EtcdMigration(EtcdDirectory.of(source), target, null).run();
    }

    @Test
    void logsWhenOfTheirOwnDirectoriesAreReadAndWrittenThere() throws IOException {
        Path old = scratch.resolve("old-wal");
        Path log = scratch.resolve("new-wal");
        Files.move(source.resolve("member").resolve("wal"), old);

        EtcdMigration.Result result = new EtcdMigration(new EtcdDirectory(source, old), target, log).run();

        assertThat(result.last()).isEqualTo(61);
        assertThat(Wal.exists(log)).isTrue();
        assertThat(target.resolve("member").resolve("wal")).doesNotExist();
    }

    /** The member got a state from its leader, and ended before that took its place. */
    @Test
    void databaseWhenOlderThanTheSnapshotIsTheOneThatCameWithIt() throws IOException {
        Path database = source.resolve("member").resolve("snap").resolve("db");
        Path received = database.resolveSibling("000000000000001f.snap.db");
        Files.move(database, received);
        byte[] index = ByteBuffer.allocate(Long.BYTES).putLong(5).array();
        Bucket meta = Bucket.of("meta", Map.of("consistent_index".getBytes(StandardCharsets.UTF_8), index));
        try (InputStream old = BboltImage.of(List.of(meta)).open()) {
            Files.copy(old, database);
        }

        assertThat(migrate().revision()).isEqualTo(53);
    }

    @Test
    void migrationWhenTheSnapshotsDatabaseIsMissingIsRefused() throws IOException {
        Path database = source.resolve("member").resolve("snap").resolve("db");
        byte[] index = ByteBuffer.allocate(Long.BYTES).putLong(5).array();
        Bucket meta = Bucket.of("meta", Map.of("consistent_index".getBytes(StandardCharsets.UTF_8), index));
        Files.delete(database);
        try (InputStream old = BboltImage.of(List.of(meta)).open()) {
            Files.copy(old, database);
        }

        assertThatThrownBy(this::migrate)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("000000000000001f.snap.db is missing");
        assertThat(target.resolve("member")).doesNotExist();
    }

    private static int count(Database database, Family family) {
        int count = 0;
        try (Cursor cursor = database.cursor(family, null, null, Reader.Scan.SHORT)) {
            for (; cursor.isValid(); cursor.next()) {
                count++;
            }
        }
        return count;
    }

    private static Map<String, String> contents(Path directory) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory).filter(Files::isRegularFile)) {
            for (Path file : files.toList()) {
                contents.put(file.toString(), java.util.HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}
