package io.quorate.zstd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.fixture.SystemCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program {@code zstd} writes is read here, and what is written here, there. */
class ZstdProgramTests {

    /** More than a window of 8 MiB, so that windows matter. */
    private static final int BYTES = 10 << 20;

    @TempDir
    private Path directory;

    private byte[] content = {};
    private Path plain = Path.of("");

    @BeforeEach
    void write() throws IOException {
        assumeTrue(SystemCommand.attempt(List.of("zstd", "--version")).exitCode() == 0, "zstd is not installed");
        SplittableRandom random = new SplittableRandom(1);
        content = new byte[BYTES];
        for (int at = 0; at < BYTES; at++) {
            content[at] = (byte) (random.nextInt(16) == 0 ? random.nextInt(40) : at >> 12);
        }
        plain = Files.write(directory.resolve("plain"), content);
    }

    private byte[] unpacked(Path file) throws IOException {
        try (InputStream in = Zstd.unpack(Files.newInputStream(file))) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "-3", "-9", "-19", "--fast=5", "--no-check", "-T2"})
    void unpackWhenTheProgramPackedGivesTheSameBytes(String option) throws IOException {
        Path packed = directory.resolve("packed.zst");
        SystemCommand.run("zstd", "-q", option, plain.toString(), "-o", packed.toString());
        assertThat(unpacked(packed)).isEqualTo(content);
        Files.write(packed, Files.readAllBytes(packed), java.nio.file.StandardOpenOption.APPEND);
        assertThat(unpacked(packed)).hasSize(2 * BYTES);
    }

    @Test
    void unpackWhenTheProgramUsedALargeWindowRefuses() {
        Path packed = directory.resolve("packed.zst");
        SystemCommand.run("zstd", "-q", "--long=27", plain.toString(), "-o", packed.toString());
        assertThatThrownBy(() -> unpacked(packed))
                .isInstanceOf(ZstdException.class)
                .hasMessageContaining("at offset 0")
                .hasMessageContaining("unpack it first");
    }

    @Test
    void packIsUnpackedByTheProgram() throws IOException {
        Path packed = directory.resolve("packed.zst");
        try (OutputStream frame = Zstd.pack(Files.newOutputStream(packed))) {
            frame.write(content);
        }
        assertThat(packed).satisfies(file -> assertThat(Files.size(file)).isLessThan(BYTES / 2));
        Path back = directory.resolve("back");
        SystemCommand.run("zstd", "-q", "-d", packed.toString(), "-o", back.toString());
        assertThat(back).hasBinaryContent(content);
    }
}
