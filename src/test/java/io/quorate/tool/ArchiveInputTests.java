package io.quorate.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.backup.archive.ArchiveName;
import io.quorate.backup.archive.Point;
import io.quorate.backup.archive.Seal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What is said of a backup that cannot be read with the options that were given. */
@ExtendWith(OutputCaptureExtension.class)
class ArchiveInputTests {

    private @TempDir Path directory;

    private Path key(String digit) throws IOException {
        return Files.writeString(directory.resolve("key-" + digit), digit.repeat(64));
    }

    /** A store of which names are all that is looked at. */
    private Path store(Seal seal) throws IOException {
        Path store = directory.resolve("store-" + seal.id());
        String name = new ArchiveName.Full(1, Instant.EPOCH, new Point(5, 6), -1, 7, seal.id()).text();
        Path object = store.resolve(name);
        Files.createDirectories(object.getParent());
        Files.createFile(object);
        return store;
    }

    private String refusal(CapturedOutput output, String from, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--from=" + from, "--scratch=" + directory));
        arguments.addAll(List.of(more));
        assertThat(SnapshotCommand.VERIFY.run(arguments)).isEqualTo(1);
        return output.getErr().strip().lines().reduce("", (before, line) -> line);
    }

    @Test
    void verifyWhenTheKeyDoesNotFitSaysWhichOneDoes(CapturedOutput output) throws IOException {
        Path one = key("1");
        Path sealed = store(Seal.of(one));
        Path plain = store(Seal.NONE);
        assertThat(refusal(output, "file://" + sealed)).endsWith(" is encrypted: give --key-file");
        assertThat(refusal(output, "file://" + sealed, "--key-file=" + key("2")))
                .endsWith(" is sealed with another key than --key-file has");
        assertThat(refusal(output, "file://" + plain, "--key-file=" + one))
                .endsWith(" is not encrypted: leave --key-file out");
    }

    @Test
    void verifyWhenTheStoreIsNotThereSaysSo(CapturedOutput output) {
        Path missing = directory.resolve("missing");
        assertThat(refusal(output, "file://" + missing))
                .isEqualTo("Error: " + missing
                        + ": there is no such directory, and none is made, so that a missing mount is noticed");
        assertThat(refusal(output, "s3://x/y"))
                .isEqualTo("Error: s3://x/y: the name of a bucket has 3 to 63 characters, and 'x' has 1");
    }
}
