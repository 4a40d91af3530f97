package io.quorate.node.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Fault;
import io.quorate.node.wal.Disk;
import io.quorate.node.wal.MemoryDisk;
import io.quorate.node.wal.MemoryDisk.Operation;
import io.quorate.node.wal.WalSnapshot;
import io.quorate.raft.ConfState;
import io.quorate.raft.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFilesTests {

    private static final Path DIRECTORY = Path.of("/member/snap");
    private static final ConfState MEMBERS =
            new ConfState(List.of(1L, 0x8e9e05c52164694dL), List.of(1L), List.of(3L), List.of(4L), true);

    private final MemoryDisk disk = new MemoryDisk();

    private static Snapshot snapshot(long term, long index) {
        return new Snapshot(index, term, MEMBERS, ("state at " + index).getBytes(StandardCharsets.UTF_8));
    }

    private static WalSnapshot note(long term, long index) {
        return new WalSnapshot(index, term, ConfState.EMPTY);
    }

    private SnapshotFiles files() {
        return new SnapshotFiles(DIRECTORY, disk);
    }

    @Test
    void loadNewestWhenSavedGivesItBack() {
        SnapshotFiles files = files();
        files.save(snapshot(2, 10));
        files.save(snapshot(3, 20));

        Snapshot loaded = files.loadNewest(List.of(note(2, 10), note(3, 20))).orElseThrow();
        assertThat(loaded.index()).isEqualTo(20);
        assertThat(loaded.term()).isEqualTo(3);
        assertThat(loaded.confState()).isEqualTo(MEMBERS);
        assertThat(loaded.data()).isEqualTo("state at 20".getBytes(StandardCharsets.UTF_8));
        assertThat(disk.list(DIRECTORY))
                .containsExactlyInAnyOrder(
                        "0000000000000002-000000000000000a.snap", "0000000000000003-0000000000000014.snap");
    }

    @Test
    void loadNewestWhenNotNotedInTheLogTakesAnOlderOne() {
        SnapshotFiles files = files();
        files.save(snapshot(2, 10));
        files.save(snapshot(3, 20));

        assertThat(files.loadNewest(List.of(WalSnapshot.NONE, note(2, 10), note(2, 20))))
                .hasValueSatisfying(found -> assertThat(found.index()).isEqualTo(10));
        assertThat(files.loadNewest(List.of(WalSnapshot.NONE))).isEmpty();
    }

    @Test
    void loadNewestWhenAnyBitFlippedNeverGivesAWrongState() {
        int harmless = 0;
        files().save(snapshot(2, 10));
        files().save(snapshot(3, 20));
        Path newest = DIRECTORY.resolve("0000000000000003-0000000000000014.snap");
        byte[] sound = disk.bytes(newest).clone();
        for (int bit = 0; bit < sound.length * 8; bit++) {
            byte[] flipped = sound.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            disk.put(newest, flipped);
            Snapshot found =
                    files().loadNewest(List.of(note(2, 10), note(3, 20))).orElseThrow();
            if (found.index() == 20) {
                harmless++; // the bits of the checksum's encoding above its 32nd
                assertThat(found.data()).as("bit %d", bit).isEqualTo("state at 20".getBytes(StandardCharsets.UTF_8));
                assertThat(found.confState()).isEqualTo(MEMBERS);
            } else {
                assertThat(found.index()).isEqualTo(10);
                assertThat(disk.list(DIRECTORY)).contains(newest.getFileName() + ".broken");
            }
        }
        assertThat(harmless).isLessThan(8);
    }

    @Test
    void loadNewestWhenFileWasRenamedToAnotherPlaceSetsItAside() {
        files().save(snapshot(2, 10));
        disk.put(
                DIRECTORY.resolve("0000000000000005-0000000000000063.snap"),
                disk.bytes(DIRECTORY.resolve("0000000000000002-000000000000000a.snap")));
        assertThat(files().loadNewest(List.of(note(5, 99)))).isEmpty();
    }

    @Test
    void saveWhenPowerIsCutLeavesAWholeFileOrNone() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            MemoryDisk before = new MemoryDisk();
            SnapshotFiles files = new SnapshotFiles(DIRECTORY, before);
            files.save(snapshot(1, 5));
            Operation failing = random.nextBoolean() ? Operation.SYNC : Operation.RENAME;
            before.failAfter(failing, random.nextInt(2), "power cut");
            boolean saved = trySave(files);
            MemoryDisk after = before.crash(random);
            long newest = new SnapshotFiles(DIRECTORY, after)
                    .loadNewest(List.of(note(1, 5), note(1, 9)))
                    .orElseThrow()
                    .index();
            assertThat(newest).as("seed %d", seed).isIn(saved ? List.of(9L) : List.of(5L, 9L));
            assertThat(after.list(DIRECTORY)).noneMatch(name -> name.endsWith(".tmp") || name.endsWith(".broken"));
        }
    }

    private static boolean trySave(SnapshotFiles files) {
        try {
            files.save(snapshot(1, 9));
            return true;
        } catch (Fault expected) {
            return false;
        }
    }

    @Test
    void saveWhenDiskIsFullFails() {
        SnapshotFiles files = files();
        disk.limitTo(10);
        assertThatThrownBy(() -> files.save(snapshot(1, 9)))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("No space left on device");
    }

    @Test
    void purgeKeepsTheNewest() {
        SnapshotFiles files = files();
        for (long index = 1; index <= 6; index++) {
            files.save(snapshot(1, index));
        }
        assertThat(files.purge(0)).isZero();
        assertThat(files.purge(2)).isEqualTo(4);
        assertThat(disk.list(DIRECTORY))
                .containsExactlyInAnyOrder(
                        "0000000000000001-0000000000000005.snap", "0000000000000001-0000000000000006.snap");
    }

    @Test
    void loadNewestReadsWhatEtcdWrote() throws IOException {
        try (InputStream in = SnapshotFilesTests.class.getResourceAsStream("/wal/etcd-3.4.23.snap")) {
            byte[] recorded = Objects.requireNonNull(in).readAllBytes();
            disk.put(DIRECTORY.resolve("0000000000000002-000000000000000b.snap"), recorded);
            Snapshot loaded = files().loadNewest(List.of(note(2, 11))).orElseThrow();
            assertThat(loaded.confState().voters()).containsExactly(3319814642761637952L);
            assertThat(loaded.data()).startsWith((byte) '{');
        }
    }

    @Test
    void saveOnARealDiskIsFoundAgain(@TempDir Path directory) {
        Path snapshots = directory.resolve("member").resolve("snap");
        new SnapshotFiles(snapshots, Disk.system()).save(snapshot(1, 5));
        assertThat(new SnapshotFiles(snapshots, Disk.system()).loadNewest(List.of(note(1, 5))))
                .isPresent();
    }
}
