package io.quorate.bootstrap;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.quorate.config.BadSettingException;
import io.quorate.storage.StorageException.ForeignDirectoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTests {

    @TempDir
    private Path directory;

    @Test
    void checkWhenDirectoryIsMissingOrEmptyAccepts() throws IOException {
        Files.createDirectory(directory.resolve("lost+found"));

        assertThatNoException().isThrownBy(() -> DataDirectory.check(directory));
        assertThatNoException().isThrownBy(() -> DataDirectory.check(directory.resolve("missing")));
    }

    @Test
    void checkWhenDirectoryIsMembersAccepts() throws IOException {
        Files.createDirectories(directory.resolve("member").resolve("db"));

        assertThatNoException().isThrownBy(() -> DataDirectory.check(directory));
    }

    @Test
    void checkWhenSomethingElseIsThereNamesIt() throws IOException {
        Files.createFile(directory.resolve("customers.sqlite"));

        assertThatExceptionOfType(ForeignDirectoryException.class)
                .isThrownBy(() -> DataDirectory.check(directory))
                .withMessageContaining("customers.sqlite");
    }

    @Test
    void checkWhenEtcdWroteItRefuses() throws IOException {
        Path snap = Files.createDirectories(directory.resolve("member").resolve("snap"));
        Files.createFile(snap.resolve("db"));

        assertThatExceptionOfType(ForeignDirectoryException.class)
                .isThrownBy(() -> DataDirectory.check(directory))
                .withMessageContaining("etcd");
    }

    @Test
    void checkWhenItIsOrLiesBelowAFileNamesTheSetting() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatExceptionOfType(BadSettingException.class)
                .isThrownBy(() -> DataDirectory.check(file))
                .withMessageContaining("quorate.data-dir = " + file + ": " + file + " is a file");
        assertThatExceptionOfType(BadSettingException.class)
                .isThrownBy(() -> DataDirectory.checkCanBeMade("quorate.wal-dir", file.resolve("wal")))
                .withMessageContaining("quorate.wal-dir = " + file.resolve("wal") + ": " + file + " is a file");
    }
}
