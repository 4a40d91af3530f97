package io.quorate.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.backup.archive.ArchiveName;
import io.quorate.backup.archive.Point;
import io.quorate.backup.archive.Seal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

    private Path store(Seal seal) throws IOException {
        return store(seal, Instant.EPOCH);
    }

    /** A store of which names are all that is looked at. */
    private Path store(Seal seal, Instant time) throws IOException {
        Path store = directory.resolve("store-" + seal.id());
        for (ArchiveName name : List.of(
                new ArchiveName.Full(1, time, new Point(5, 6), -1, 7, seal.id()),
                new ArchiveName.State(1, time, 7, seal.id()))) {
            Path object = store.resolve(name.text());
            Files.createDirectories(object.getParent());
            Files.createFile(object);
        }
        return store;
    }

    private String refusal(CapturedOutput output, String from, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--scratch=" + directory));
        arguments.addAll(List.of(more));
        return refusal(output, SnapshotCommand.VERIFY, from, arguments);
    }

    private static String refusal(CapturedOutput output, SnapshotCommand command, String from, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of("--from=" + from));
        arguments.addAll(more);
        assertThat(command.run(arguments)).isEqualTo(1);
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

    /** A clock may have been ahead, and the one of this machine may be behind. */
    @Test
    void timeWhenTheBackupHasLaterObjectsIsNotInTheFuture(CapturedOutput output) throws IOException {
        Instant ahead = Instant.now().plus(Duration.ofDays(400)).truncatedTo(ChronoUnit.MILLIS);
        String store = "file://" + store(Seal.NONE, ahead);
        String cluster = "--initial-cluster=default=http://10.0.0.1:2380,m2=http://10.0.0.2:2380";
        List<String> members = List.of("--data-dir=" + directory.resolve("data"), cluster);
        String advice = refusal(output, SnapshotCommand.RESTORE, store, members);
        assertThat(advice).contains("add --to-time=" + ahead);
        List<String> advised = new ArrayList<>(members);
        advised.add("--to-time=" + ahead);
        assertThat(refusal(output, SnapshotCommand.RESTORE, store, advised)).contains("/full/", " was cut");
        assertThat(refusal(output, store, "--to-time=" + ahead.plusMillis(1))).endsWith("lies in the future");
    }

    @Test
    void timeWhenBeforeTheFirstBackupNamesWhatThereIs(CapturedOutput output) throws IOException {
        String store = "file://" + store(Seal.NONE, Instant.parse("2026-11-30T10:00:00Z"));
        assertThat(refusal(output, store, "--to-time=2026-11-30T09:00:00Z"))
                .startsWith(
                        "Error: nothing of 2026-11-30T09:00:00Z or before can be restored: there are revisions 1 to 5,")
                .endsWith("of 2026-11-30T10:00:00Z to 2026-11-30T10:00:00Z");
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
