package io.quorate.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What killed commands leave, and the next one removes. */
class ScratchFileTests {

    private @TempDir Path directory;

    private Path file(String purpose, long process) throws IOException {
        return Files.writeString(directory.resolve("quorate-" + purpose + "-" + process + "-7.db"), "keys");
    }

    @Test
    void createWhenAProcessWasKilledRemovesWhatItLeft() throws IOException, InterruptedException {
        Process ended = new ProcessBuilder("true").start();
        assertThat(ended.waitFor()).isZero();
        Path left = file("snapshot", ended.pid());
        Path used = file("follow", ProcessHandle.current().pid());
        Path reused = file("save", ProcessHandle.current().pid());
        Files.setLastModifiedTime(reused, FileTime.from(Instant.EPOCH));
        Path verified = Files.createDirectory(directory.resolve("quorate-verify-" + ended.pid() + "-7"));
        Files.writeString(Files.createDirectory(verified.resolve("db")).resolve("CURRENT"), "keys");
        Path verifying = ScratchFile.createDirectory(directory, "verify");
        Path foreign = Files.writeString(directory.resolve("quorate-snapshot-other.db"), "");

        Path made = ScratchFile.create(directory, "snapshot");

        assertThat(directory).isDirectoryNotContaining(left::equals);
        assertThat(reused).doesNotExist();
        assertThat(verified).doesNotExist();
        assertThat(verifying).isEmptyDirectory();
        assertThat(made).isEmptyFile();
        assertThat(used).exists();
        assertThat(foreign).exists();
    }

    @Test
    void createWhenTheDirectoryIsMissingNamesIt() {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> ScratchFile.create(missing, "snapshot")).hasMessageContaining(missing.toString());
    }
}
