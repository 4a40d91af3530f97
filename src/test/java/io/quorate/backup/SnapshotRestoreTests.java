package io.quorate.backup;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.apply.ConsistentIndex;
import io.quorate.apply.StoredConfState;
import io.quorate.base.Directories;
import io.quorate.fixture.SmallSnapshot;
import io.quorate.mvcc.CompactionMarkers;
import io.quorate.mvcc.Revision;
import io.quorate.node.Bootstrap;
import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalSettings;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.StorageSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotRestoreTests {

    private static final Map<String, List<String>> MEMBERS =
            Map.of("a", List.of("http://127.0.0.1:31101"), "b", List.of("http://127.0.0.1:31102"));

    @TempDir
    private Path scratch;

    private Path snapshot;

    @BeforeEach
    void save() throws IOException {
        snapshot = SmallSnapshot.write(scratch.resolve("snapshot.db"));
    }

    @Test
    void restoreWhenWholeMakesMemberThatBeginsBehindItsMembers() throws IOException {
        Path data = scratch.resolve("data");
        assertThat(restore(new MemberDirectory(data, null), 0)).isEqualTo(2);

        assertThat(Bootstrap.isRestart(data.resolve("member").resolve("wal"))).isTrue();
        try (Database database = Database.open(data.resolve("member").resolve("db"), StorageSettings.DEFAULTS)) {
            assertThat(new ConsistentIndex(database).index()).isEqualTo(2);
            assertThat(present(StoredConfState.load(database)).voters()).hasSize(2);
            assertThat(database.get(Family.CURRENT, new byte[] {'k'})).isNotNull();
        }
    }

    @Test
    void restoreWhenRevisionIsBumpedSchedulesCompaction() throws IOException {
        Path data = scratch.resolve("data");
        assertThat(restore(new MemberDirectory(data, null), 1000)).isEqualTo(1002);
        try (Database database = Database.open(data.resolve("member").resolve("db"), StorageSettings.DEFAULTS)) {
            assertThat(CompactionMarkers.in(database).values()).containsExactly(new Revision(1002, 0).storageKey());
        }
    }

    @Test
    void restoreWhenThereIsDataRefuses() throws IOException {
        Path data = Files.createDirectories(scratch.resolve("data"));
        Files.writeString(data.resolve("mine"), "");
        assertThatThrownBy(() -> restore(new MemberDirectory(data, null), 0))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("not empty");
        assertThat(data.resolve("mine")).exists();
    }

    @Test
    void openWhenCutRefusesWithReason() throws IOException {
        try (FileChannel channel = FileChannel.open(snapshot, StandardOpenOption.WRITE)) {
            channel.truncate(1000);
        }
        assertThatThrownBy(() ->
                        SnapshotFile.open(snapshot, snapshot.toString(), false).close())
                .hasMessageContaining("cut");
        assertThatThrownBy(() ->
                        SnapshotFile.open(snapshot, snapshot.toString(), true).close())
                .hasMessageContaining("offset");
        assertThatThrownBy(() -> SnapshotFile.openVerifying(snapshot, snapshot.toString())
                        .close())
                .hasMessageContaining("cut");
    }

    /** What the check of the digest finds while the pages are read counts, whatever was found in these. */
    @Test
    void restoreWhenAnyByteIsChangedLeavesNothing() throws IOException {
        byte[] intact = Files.readAllBytes(snapshot);
        Path data = scratch.resolve("data");
        for (int at = 0; at < intact.length; at += 1 + intact.length / 50) {
            byte[] changed = intact.clone();
            changed[at] ^= 1;
            Files.write(snapshot, changed);
            assertThatThrownBy(() -> restore(new MemberDirectory(data, null), 0))
                    .as("%s", at)
                    .isInstanceOf(SnapshotException.class);
            assertThat(data).doesNotExist();
        }
        Files.write(snapshot, Arrays.copyOf(intact, intact.length - 32));
        assertThatThrownBy(() -> restore(new MemberDirectory(data, null), 0)).hasMessageContaining("missing hash");
    }

    /** What a kill leaves behind each step is what lies on the disk then; the next try makes the whole of it. */
    @Test
    void restoreWhenKilledBehindAnyStepLeavesNothingOrAll() throws IOException {
        for (boolean separate : new boolean[] {false, true}) {
            Path origin = scratch.resolve("origin-" + separate);
            Map<MemberDirectory.Step, Path> killed = new EnumMap<>(MemberDirectory.Step.class);
            restore(
                    new MemberDirectory(origin.resolve("data"), separate ? origin.resolve("log") : null, step -> {
                        Path copy = scratch.resolve(step + "-" + separate);
                        copyAll(origin, copy);
                        killed.put(step, copy);
                    }),
                    0);
            assertThat(killed).containsOnlyKeys(MemberDirectory.Step.values());
            for (Map.Entry<MemberDirectory.Step, Path> each : killed.entrySet()) {
                goOn(each.getKey(), each.getValue(), separate);
                Directories.delete(each.getValue());
            }
        }
    }

    /** Another one begins behind each step of the first, which goes on undisturbed. */
    @Test
    void restoreWhenAnotherIsUnderWayIsRefusedAndDisturbsNothing() throws IOException {
        for (boolean separate : new boolean[] {false, true}) {
            Path origin = scratch.resolve("origin-" + separate);
            Path data = origin.resolve("data");
            Path log = separate ? origin.resolve("log") : null;
            List<String> refusals = new ArrayList<>();
            restore(
                    new MemberDirectory(data, log, step -> {
                        if (step != MemberDirectory.Step.LEFTOVERS_REMOVED) {
                            assertThatThrownBy(() -> restore(new MemberDirectory(data, log), 0))
                                    .isInstanceOfSatisfying(SnapshotException.class, e -> refusals.add(e.getMessage()));
                        }
                    }),
                    0);

            assertThat(refusals)
                    .hasSize(MemberDirectory.Step.values().length - 1)
                    .allMatch(
                            text -> text.contains("is being filled by another restore") || text.contains("not empty"));
            assertThat(data).isDirectoryContaining(file -> file.endsWith("member"));
            assertThat(data.resolve("member")).isDirectoryNotContaining(file -> file.endsWith("restore.lock"));
        }
    }

    /** Both found nothing and began; the first to end wins. */
    @Test
    void restoreWhenAnotherWasFasterFailsAndLeavesThatAlone() throws IOException {
        Path data = scratch.resolve("data");
        assertThatThrownBy(() -> restore(
                        new MemberDirectory(data, null, step -> {
                            if (step == MemberDirectory.Step.LEFTOVERS_REMOVED) {
                                restoreElsewhere(data);
                            }
                        }),
                        0))
                .isInstanceOf(IOException.class);

        try (Stream<Path> files = Files.list(data)) {
            assertThat(files).containsExactly(data.resolve("member"));
        }
        assertThat(Wal.snapshots(data.resolve("member").resolve("wal"), WalSettings.DEFAULT))
                .anyMatch(note -> note.index() == 2);
    }

    private void restoreElsewhere(Path data) {
        try {
            assertThat(restore(new MemberDirectory(data, null), 0)).isEqualTo(2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void goOn(MemberDirectory.Step step, Path copy, boolean separate) throws IOException {
        Path data = copy.resolve("data");
        Path log = separate ? copy.resolve("log") : data.resolve("member").resolve("wal");
        boolean done = step == MemberDirectory.Step.RENAMED;
        assertThat(Files.exists(data.resolve("member"))).as("%s", step).isEqualTo(done);
        if (!done) {
            assertThat(restore(new MemberDirectory(data, separate ? log : null), 0))
                    .isEqualTo(2);
        }
        assertThat(data).isDirectoryContaining(file -> file.endsWith("member"));
        try (Stream<Path> files = Files.list(data)) {
            assertThat(files).as("%s leaves nothing unfinished", step).hasSize(1);
        }
        assertThat(Wal.snapshots(log, WalSettings.DEFAULT)).anyMatch(note -> note.index() == 2);
    }

    private long restore(MemberDirectory directory, long bump) throws IOException {
        RestoredCluster cluster = RestoredCluster.of(MEMBERS, "etcd-cluster", "a");
        try (SnapshotFile opened = SnapshotFile.openVerifying(snapshot, snapshot.toString())) {
            return new SnapshotRestore(cluster, bump, bump > 0).into(directory, opened);
        }
    }

    private static void copyAll(Path from, Path to) {
        try {
            Files.createDirectories(to);
            if (Files.notExists(from)) {
                return;
            }
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    Path target = to.resolve(from.relativize(file).toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(file, target);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
