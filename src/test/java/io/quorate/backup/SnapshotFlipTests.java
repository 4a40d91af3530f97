package io.quorate.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.Directories;
import io.quorate.bbolt.BboltException;
import io.quorate.bbolt.SmallPages;
import io.quorate.fixture.SmallSnapshot;
import io.quorate.storage.Database;
import io.quorate.storage.StorageSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every single bit of a snapshot becomes another one, in turn. The file has pages of 512 bytes, so that all can be tried. */
class SnapshotFlipTests {

    private static final Map<String, List<String>> MEMBERS = Map.of("a", List.of("http://127.0.0.1:31101"));

    /** Of the changed snapshots, so many become members in full. */
    private static final int MEMBERS_MADE = 8;

    @TempDir
    private Path scratch;

    /** What a reader makes of a file: what is in it, or that it is refused. */
    private record Reading(SnapshotStatus status, FileHashKv hash) {}

    private Path flipped(byte[] snapshot, int bit, String name) {
        byte[] changed = snapshot.clone();
        changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        try {
            return Files.write(scratch.resolve(name + Thread.currentThread().threadId()), changed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean hasFittingDigest(Path file) {
        try {
            SnapshotFile.checkDigest(file);
            return true;
        } catch (SnapshotException refused) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void checkDigestWhenAnyBitFlippedRefuses() throws IOException {
        byte[] snapshot = SmallSnapshot.withDigest(SmallPages.of(SmallSnapshot.pages()));
        assertThat(hasFittingDigest(Files.write(scratch.resolve("whole"), snapshot)))
                .isTrue();
        assertThat(IntStream.range(0, snapshot.length * Byte.SIZE)
                        .parallel()
                        .filter(bit -> hasFittingDigest(flipped(snapshot, bit, "digest"))))
                .isEmpty();
    }

    /** Without the digest much passes that only changes what is stored; but nothing else than a refusal may come of the rest. */
    @Test
    void restoreWhenAnyBitFlippedAndNoDigestIsAskedForRefusesOrMakesAMember() throws IOException {
        byte[] snapshot = SmallPages.of(SmallSnapshot.pages());
        Set<Reading> readings = ConcurrentHashMap.newKeySet();
        List<Integer> different = IntStream.range(0, snapshot.length * Byte.SIZE)
                .parallel()
                .filter(bit -> isNew(readings, flipped(snapshot, bit, "bare")))
                .boxed()
                .toList();
        assertThat(different).hasSizeGreaterThan(100);
        List<Integer> imported = new ArrayList<>();
        try (Database database = Database.open(scratch.resolve("imported"), StorageSettings.DEFAULTS)) {
            for (int bit : different) {
                if (isImported(flipped(snapshot, bit, "imported"), database)) {
                    imported.add(bit);
                }
            }
        }
        assertThat(imported).hasSizeGreaterThan(100);
        for (int i = 0; i < imported.size(); i += imported.size() / MEMBERS_MADE) {
            assertRestored(flipped(snapshot, imported.get(i), "restored"));
        }
    }

    /** Into one database after the other: to make an empty one for each would take minutes. */
    private static boolean isImported(Path file, Database database) {
        try (SnapshotFile snapshot = SnapshotFile.open(file, file.toString(), true)) {
            long revision = new StateImport(snapshot.file(), database).run(0, false);
            assertThat(revision)
                    .isEqualTo(Math.max(1, SnapshotStatus.of(snapshot).revision()));
            return true;
        } catch (SnapshotException | BboltException refused) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isNew(Set<Reading> readings, Path file) {
        try (SnapshotFile snapshot = SnapshotFile.open(file, file.toString(), true)) {
            return readings.add(new Reading(SnapshotStatus.of(snapshot), FileHashKv.of(snapshot, 0)));
        } catch (SnapshotException refused) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertRestored(Path file) throws IOException {
        Path data = scratch.resolve("data");
        try (SnapshotFile snapshot = SnapshotFile.open(file, file.toString(), true)) {
            RestoredCluster cluster = RestoredCluster.of(MEMBERS, "etcd-cluster", "a");
            new SnapshotRestore(cluster, 0, false).into(new MemberDirectory(data, null), snapshot);
        }
        assertThat(data.resolve("member")).isDirectory();
        Directories.delete(data);
    }
}
