package io.quorate.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.fixture.SmallSnapshot;
import io.quorate.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands about snapshots, on files and standard input, plain and compressed. */
class SnapshotInputTests {

    @TempDir
    private Path directory;

    private final InputStream standardInput = System.in;
    private final PrintStream standardOutput = System.out;
    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

    /** How a snapshot comes. */
    enum Packing {
        NONE {
            @Override
            OutputStream over(OutputStream target) {
                return target;
            }
        },
        GZIP {
            @Override
            OutputStream over(OutputStream target) throws IOException {
                return new GZIPOutputStream(target);
            }
        },
        ZSTD {
            @Override
            OutputStream over(OutputStream target) throws IOException {
                return Zstd.pack(target);
            }
        };

        abstract OutputStream over(OutputStream target) throws IOException;
    }

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setIn(standardInput);
        System.setOut(standardOutput);
        System.setErr(standardError);
    }

    private byte[] snapshot(Packing packing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream packed = packing.over(bytes)) {
            packed.write(Files.readAllBytes(SmallSnapshot.write(directory.resolve("plain"))));
        }
        return bytes.toByteArray();
    }

    private String told(SnapshotCommand command, String... arguments) {
        printed.reset();
        assertThat(command.run(List.of(arguments))).as(complained::toString).isZero();
        return printed.toString(StandardCharsets.UTF_8);
    }

    private String refusal(byte[] content) throws IOException {
        Path file = Files.write(directory.resolve("refused"), content);
        complained.reset();
        assertThat(SnapshotCommand.CHECK.run(List.of(file.toString()))).isEqualTo(1);
        return complained.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void commandsWhenASnapshotIsPackedReadItFromFileAndStandardInput(Packing packing) throws IOException {
        byte[] content = snapshot(packing);
        Path file = Files.write(directory.resolve("snapshot"), content);
        for (boolean piped : new boolean[] {false, true}) {
            String named = piped ? "-" : file.toString();
            for (SnapshotCommand command : List.of(SnapshotCommand.STATUS, SnapshotCommand.HASHKV)) {
                System.setIn(new ByteArrayInputStream(content));
                assertThat(told(command, named, "-w", "json")).containsPattern("(?i)revision\":2[,}]");
            }
            System.setIn(new ByteArrayInputStream(content));
            assertThat(told(SnapshotCommand.CHECK, named)).startsWith("OK: ").contains("revision 2");
            System.setIn(new ByteArrayInputStream(content));
            Path data = directory.resolve("data-" + piped);
            assertThat(told(SnapshotCommand.RESTORE, named, "--data-dir", data.toString()))
                    .contains("revision 2");
            assertThat(data.resolve("member")).isDirectory();
        }
    }

    @Test
    void checkWhenAPackedSnapshotIsDamagedRefusesWithOffsetAndReason() throws IOException {
        byte[] packed = snapshot(Packing.ZSTD);
        assertThat(refusal(Arrays.copyOf(packed, packed.length - 9)))
                .contains("cannot be unpacked: at offset " + (packed.length - 9) + " ")
                .contains("ends inside");
        assertThat(refusal(Arrays.copyOf(packed, packed.length + 9)))
                .contains("at offset " + packed.length + " ")
                .contains("no frame begins here");
        byte[] zipped = snapshot(Packing.GZIP);
        for (int length : new int[] {2, 9, 30, zipped.length - 1}) {
            assertThat(refusal(Arrays.copyOf(zipped, length)).strip())
                    .as("of %s bytes", length)
                    .matches(".* cannot be unpacked: (it was cut|Unexpected end of .*)");
        }
    }

    @Test
    void checkWhenWhatIsPackedIsNoSnapshotRefuses() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream packed = Zstd.pack(bytes)) {
            packed.write(new byte[100_000]);
        }
        assertThat(refusal(bytes.toByteArray())).contains("at offset 0: no valid meta page");
    }

    /** Gives some bytes and then zeros without end. */
    private static final class Endless extends InputStream {

        private final byte[] first;
        private long taken;

        private Endless(byte[] first) {
            this.first = first;
        }

        @Override
        public int read() {
            return taken < first.length ? first[(int) taken++] & 0xff : 0;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            for (int i = 0; i < length; i++, taken++) {
                target[offset + i] = taken < first.length ? first[(int) taken] : 0;
            }
            return length;
        }
    }

    private static long spooled() throws IOException {
        String own = "quorate-snapshot-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> files = Files.list(ScratchFile.usualDirectory())) {
            return files.filter(file -> file.getFileName().toString().startsWith(own))
                    .count();
        }
    }

    @Test
    void commandsWhenStandardInputIsNoSnapshotRefuseItByItsFirstBytes() throws IOException {
        for (SnapshotCommand command :
                List.of(SnapshotCommand.STATUS, SnapshotCommand.CHECK, SnapshotCommand.RESTORE)) {
            Endless zeros = new Endless(new byte[0]);
            System.setIn(zeros);
            complained.reset();
            List<String> arguments = command == SnapshotCommand.RESTORE
                    ? List.of("-", "--data-dir=" + directory.resolve("data"))
                    : List.of("-");
            assertThat(command.run(arguments)).isEqualTo(1);
            assertThat(complained.toString(StandardCharsets.UTF_8))
                    .startsWith("Error: standard input is no snapshot: at offset 0: no valid meta page");
            assertThat(zeros.taken).isLessThan(128 << 10);
        }
    }

    /** What is read is a copy, of which nobody has heard. */
    @Test
    void commandsWhenTheirInputWasCutOrChangedNameItAndNotItsCopy() throws IOException {
        byte[] whole = snapshot(Packing.NONE);
        byte[] changed = whole.clone();
        Arrays.fill(changed, changed.length / 2, changed.length - 64, (byte) 0xff);
        for (byte[] content : List.of(Arrays.copyOf(whole, 8192), changed)) {
            for (SnapshotCommand command : List.of(
                    SnapshotCommand.STATUS, SnapshotCommand.CHECK, SnapshotCommand.HASHKV, SnapshotCommand.RESTORE)) {
                System.setIn(new ByteArrayInputStream(content));
                assertThat(refusalOf(command, "-")).contains("standard input").doesNotContain("quorate-snapshot-");
            }
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = Packing.GZIP.over(packed)) {
            gzip.write(changed);
        }
        Path file = Files.write(directory.resolve("backup.db.gz"), packed.toByteArray());
        assertThat(refusalOf(SnapshotCommand.STATUS, file.toString()))
                .contains(file.toString())
                .doesNotContain("quorate-snapshot-");
    }

    private String refusalOf(SnapshotCommand command, String file) {
        complained.reset();
        List<String> arguments = command == SnapshotCommand.RESTORE
                ? List.of(file, "--skip-hash-check", "--data-dir=" + directory.resolve("data"))
                : command == SnapshotCommand.CHECK ? List.of(file, "--skip-hash-check") : List.of(file);
        assertThat(command.run(arguments)).isEqualTo(1);
        return complained.toString(StandardCharsets.UTF_8);
    }

    @Test
    void checkWhenStandardInputDoesNotEndRefusesItBeyondWhatItAnnounces() throws IOException {
        Endless endless = new Endless(snapshot(Packing.NONE));
        System.setIn(endless);
        assertThat(SnapshotCommand.CHECK.run(List.of("-"))).isEqualTo(1);
        assertThat(complained.toString(StandardCharsets.UTF_8)).contains("standard input is no snapshot: more than ");
        assertThat(endless.taken).isLessThan(40 << 20);
        assertThat(spooled()).isZero();
    }

    @Test
    void commandsWhenADirectoryIsNamedSayThatItIsNoFile() {
        for (SnapshotCommand command :
                List.of(SnapshotCommand.STATUS, SnapshotCommand.CHECK, SnapshotCommand.RESTORE)) {
            complained.reset();
            List<String> arguments = command == SnapshotCommand.RESTORE
                    ? List.of(directory.toString(), "--data-dir=" + directory.resolve("data"))
                    : List.of(directory.toString());
            assertThat(command.run(arguments)).isEqualTo(1);
            assertThat(complained.toString(StandardCharsets.UTF_8).strip())
                    .isEqualTo("Error: " + directory + " is no file");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x10", "1e9", "-1", "9223372036854775807", "99999999999999999999"})
    void commandsWhenANumberCannotBeOneNameTheOption(String number) throws IOException {
        String file = SmallSnapshot.write(directory.resolve("snapshot")).toString();
        Path data = directory.resolve("data");
        assertThat(SnapshotCommand.RESTORE.run(
                        List.of(file, "--data-dir=" + data, "--mark-compacted", "--bump-revision=" + number)))
                .isEqualTo(1);
        assertThat(complained.toString(StandardCharsets.UTF_8)).startsWith("Error: --bump-revision=" + number + " is ");
        assertThat(data).doesNotExist();
        complained.reset();
        assertThat(SnapshotCommand.HASHKV.run(List.of(file, "--rev=" + number))).isEqualTo(1);
        assertThat(complained.toString(StandardCharsets.UTF_8)).startsWith("Error: --rev=" + number + " is ");
    }

    @Test
    void saveWhenWhatHasTheNameIsNoFileLeavesItAlone() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("/dev/null"));
        for (Path target : List.of(Files.createDirectory(directory.resolve("empty")), link)) {
            complained.reset();
            assertThat(SnapshotCommand.SAVE.run(List.of(target.toString(), "--endpoints=127.0.0.1:1")))
                    .isEqualTo(1);
            assertThat(complained.toString(StandardCharsets.UTF_8))
                    .startsWith("Error: " + target + " is there, and is no file");
        }
        assertThat(link).isSymbolicLink();
    }

    @Test
    void standardOutputWhenNobodyReadsItFails() {
        System.setOut(new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int single) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                },
                false,
                StandardCharsets.UTF_8));
        StandardOutput output = new StandardOutput();
        assertThatThrownBy(() -> output.write(new byte[100_000])).hasMessageContaining("standard output");
        assertThatThrownBy(output::close).hasMessageContaining("standard output");
    }

    @Test
    void restoreWhenTheDirectoryCannotBeMadeNamesItAndTheReason() throws IOException {
        Path file = SmallSnapshot.write(directory.resolve("snapshot"));
        Path data = file.resolve("data");
        assertThat(SnapshotCommand.RESTORE.run(List.of(file.toString(), "--data-dir=" + data)))
                .isEqualTo(1);
        assertThat(complained.toString(StandardCharsets.UTF_8).strip())
                .startsWith("Error: " + file)
                .hasSizeGreaterThan(("Error: " + data).length())
                .doesNotContain("Exception");
    }
}
