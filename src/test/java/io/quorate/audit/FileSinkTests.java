package io.quorate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTests {

    @TempDir
    private Path directory;

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private String text(String name) throws IOException {
        return Files.readString(directory.resolve("logs").resolve(name));
    }

    private FileSink sink(long size, int kept) {
        return new FileSink(directory.resolve("logs/audit.json"), size, kept);
    }

    @Test
    void writeWhenTheFileReachesItsSizeRenamesItAndKeepsSoMany() throws IOException {
        try (FileSink sink = sink(10, 2)) {
            for (String text : new String[] {"1111", "2222", "3333", "4444", "5555", "6666", "7777"}) {
                sink.write(line(text));
            }
        }
        assertThat(text("audit.json")).isEqualTo("7777\n");
        assertThat(text("audit.json.1")).isEqualTo("5555\n6666\n");
        assertThat(text("audit.json.2")).isEqualTo("3333\n4444\n");
        assertThat(directory.resolve("logs/audit.json.3")).doesNotExist();
    }

    @Test
    void writeWhenNoneIsKeptBeginsAnew() throws IOException {
        try (FileSink sink = sink(10, 0)) {
            sink.write(line("1111"));
            sink.write(line("2222"));
            sink.write(line("3333"));
        }
        assertThat(text("audit.json")).isEqualTo("3333\n");
        assertThat(directory.resolve("logs/audit.json.1")).doesNotExist();
    }

    @Test
    void writeWhenALineIsLargerThanAFileStillWritesIt() throws IOException {
        try (FileSink sink = sink(10, 1)) {
            sink.write(line("x".repeat(100)));
            sink.write(line("y"));
        }
        assertThat(text("audit.json.1")).hasSize(101);
        assertThat(text("audit.json")).isEqualTo("y\n");
    }

    @Test
    void openWhenTheFileIsThereGoesOnBehindItsEnd() throws IOException {
        try (FileSink sink = sink(1000, 1)) {
            sink.write(line("before"));
        }
        try (FileSink sink = sink(1000, 1)) {
            sink.write(line("after"));
        }
        assertThat(text("audit.json")).isEqualTo("before\nafter\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("logs/audit.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void openWhenThereCanBeNoFileFails() throws IOException {
        Files.writeString(directory.resolve("logs"), "a file");
        assertThatThrownBy(() -> sink(10, 1).open()).isInstanceOf(IOException.class);
    }

    /** A device that is always full stands for a disk that is. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void writeWhenTheDiskIsFullFailsAndCanBeTriedAgain() {
        FileSink sink = new FileSink(Path.of("/dev/full"), 1000, 1);
        assertThatThrownBy(() -> sink.write(line("x"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> sink.write(line("x"))).isInstanceOf(IOException.class);
    }
}
