package io.quorate.tool;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
        assertThat(refusal(Arrays.copyOf(snapshot(Packing.GZIP), 30))).contains("cannot be unpacked");
    }

    @Test
    void checkWhenWhatIsPackedIsNoSnapshotRefuses() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream packed = Zstd.pack(bytes)) {
            packed.write(new byte[100_000]);
        }
        assertThat(refusal(bytes.toByteArray())).contains("missing hash");
    }
}
