package io.quorate.backup.store;

import static io.quorate.backup.store.BackupStoreTests.get;
import static io.quorate.backup.store.BackupStoreTests.put;
import static io.quorate.backup.store.BackupStoreTests.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.backup.store.DirectoryStore.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTests {

    @TempDir
    private Path scratch;

    /** What a kill leaves behind each step is what lies on the disk then. */
    @Test
    void uploadWhenKilledBehindAnyStepLeavesNothingOrAll() throws IOException {
        Path root = Files.createDirectories(scratch.resolve("store"));
        Map<Step, Path> killed = new EnumMap<>(Step.class);
        put(new DirectoryStore(root), "a/log/0", random(10));
        DirectoryStore store = new DirectoryStore(root, step -> {
            Path copy = scratch.resolve(step.name());
            copyAll(root, copy);
            killed.put(step, copy);
        });
        put(store, "a/full/1", random(100_000));

        assertThat(killed).hasSize(Step.values().length);
        for (Map.Entry<Step, Path> each : killed.entrySet()) {
            DirectoryStore left = new DirectoryStore(each.getValue());
            List<String> names = new ArrayList<>();
            left.list("a/full/", "", item -> names.add(item.name()));
            boolean done = each.getKey() == Step.RENAMED;
            assertThat(names).as(each.getKey().name()).hasSize(done ? 1 : 0);
            assertThat(get(left, "a/log/0")).isEqualTo(random(10));
            left.removeUnfinished(Instant.now().plusSeconds(1));
            put(left, "a/full/1", random(100_000));
            assertThat(get(left, "a/full/1")).isEqualTo(random(100_000));
            try (Stream<Path> rest = Files.list(each.getValue().resolve(".unfinished"))) {
                assertThat(rest).isEmpty();
            }
        }
    }

    private static void copyAll(Path from, Path to) {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void uploadsWhenYoungAreLeftAlone() throws IOException {
        DirectoryStore store = new DirectoryStore(scratch);
        try (Upload upload = store.create("a/b")) {
            upload.write(random(10));
            store.removeUnfinished(Instant.now().minusSeconds(60));
            upload.commit();
        }
        assertThat(get(store, "a/b")).isEqualTo(random(10));
    }

    /** A full disk is told by the platform without saying which one it is. */
    @Test
    void uploadWhenItCannotBeWrittenNamesTheFile() throws IOException {
        Upload upload = new DirectoryStore(scratch).create("a/b");
        upload.close();
        assertThatThrownBy(() -> upload.write(random(10)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(scratch.resolve(".unfinished").toString());
    }

    @Test
    void directoryWhenMissingIsNotMade() {
        DirectoryStore store = new DirectoryStore(scratch.resolve("not-mounted"));
        assertThatThrownBy(() -> store.create("a/b"))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("missing mount");
        assertThatThrownBy(store::folders).isInstanceOf(FileSystemException.class);
        assertThat(scratch.resolve("not-mounted")).doesNotExist();
    }
}
