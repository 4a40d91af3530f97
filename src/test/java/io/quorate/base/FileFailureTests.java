package io.quorate.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Failures of files, as an operator reads them. */
class FileFailureTests {

    private static final Path PATH = Path.of("/a/b");

    @Test
    void describeWhenOnlyThePathIsThereAddsTheReason() {
        assertThat(FileFailure.describe(new NoSuchFileException("/a"))).isEqualTo("/a: no such file or directory");
        assertThat(FileFailure.describe(new AccessDeniedException("/a"))).isEqualTo("/a: permission denied");
        assertThat(FileFailure.describe(new NotDirectoryException("/a"))).isEqualTo("/a: is no directory");
        assertThat(FileFailure.describe(new DirectoryNotEmptyException("/a"))).isEqualTo("/a: is not empty");
        assertThat(FileFailure.describe(new FileAlreadyExistsException("/a"))).isEqualTo("/a: exists already");
        assertThat(FileFailure.describe(new FileSystemException("/a", null, "Read-only file system")))
                .isEqualTo("/a: Read-only file system");
        assertThat(FileFailure.describe(new UncheckedIOException(new IOException("cut"))))
                .isEqualTo("cut");
        assertThat(FileFailure.describe(new IOException())).isEqualTo("IOException");
    }

    @Test
    void atWhenOnlyTheReasonIsThereAddsThePathOnce() {
        IOException named = FileFailure.at(PATH, new IOException("No space left on device"));
        assertThat(named).hasMessage("/a/b: No space left on device");
        assertThat(FileFailure.at(PATH, named)).isSameAs(named);
        IOException other = new NoSuchFileException("/c");
        assertThat(FileFailure.at(PATH, other)).isSameAs(other);
    }
}
