package io.quorate.node.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotDirectoriesTests {

    @TempDir
    Path directory;

    private static Path filled(SnapshotDirectories folders) throws IOException {
        Path folder = Files.createDirectory(folders.unfinished());
        Files.writeString(folder.resolve("CURRENT"), "x");
        return folder;
    }

    @Test
    void acceptWhenWholeMakesItFound() throws IOException {
        SnapshotDirectories folders = new SnapshotDirectories(directory);
        Path folder = filled(folders);
        assertThat(folders.isEmpty()).isTrue();
        folders.accept(folder, 3, 40);
        assertThat(folders.isEmpty()).isFalse();
        assertThat(folders.find(3, 40))
                .hasValueSatisfying(
                        found -> assertThat(found.resolve("CURRENT")).hasContent("x"));
        assertThat(folders.find(3, 41)).isEmpty();
        assertThat(folder).doesNotExist();
    }

    @Test
    void acceptWhenItCameBeforeKeepsTheFirst() throws IOException {
        SnapshotDirectories folders = new SnapshotDirectories(directory);
        folders.accept(filled(folders), 3, 40);
        Path again = filled(folders);
        folders.accept(again, 3, 40);
        assertThat(again).doesNotExist();
        assertThat(folders.find(3, 40)).isPresent();
    }

    @Test
    void startWhenACrashLeftAPartRemovesIt() throws IOException {
        Path part = filled(new SnapshotDirectories(directory));
        SnapshotDirectories again = new SnapshotDirectories(directory);
        assertThat(part).doesNotExist();
        assertThat(again.isEmpty()).isTrue();
    }

    @Test
    void purgeWhenAppliedBeyondDeletesOnlyWhatBringsNothing() throws IOException {
        SnapshotDirectories folders = new SnapshotDirectories(directory);
        folders.accept(filled(folders), 3, 40);
        folders.accept(filled(folders), 3, 50);
        folders.purge(40);
        assertThat(folders.find(3, 40)).isEmpty();
        assertThat(folders.find(3, 50)).isPresent();
    }
}
