package io.quorate.node.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.node.wal.Disk;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    /** The log names the state from then on: a loss of power must leave both or neither. */
    @Test
    void acceptWhenItReturnsHasMadeFilesAndNameDurable() throws IOException {
        List<String> done = new ArrayList<>();
        Disk real = Disk.system();
        Disk recording = (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (proxy, method, arguments) -> {
                    done.add(method.getName() + " " + directory.relativize((Path) arguments[0]));
                    return method.invoke(real, arguments);
                });
        SnapshotDirectories folders = new SnapshotDirectories(directory, recording);
        Path folder = filled(folders);
        done.clear();
        folders.accept(folder, 3, 40);
        String name = folder.getFileName().toString();
        assertThat(done).containsExactly("syncDirectory " + name, "rename " + name, "syncDirectory ");
        assertThat(folders.disk()).isSameAs(recording);
    }

    @Test
    void newWhenTheFolderIsMissingMakesIt() {
        Path missing = directory.resolve("a/b");
        assertThat(new SnapshotDirectories(missing).isEmpty()).isTrue();
        assertThat(missing).isDirectory();
    }
}
