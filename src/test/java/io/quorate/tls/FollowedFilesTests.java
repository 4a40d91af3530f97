package io.quorate.tls;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Bytes;
import io.quorate.fixture.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class FollowedFilesTests {

    @TempDir
    private Path directory;

    private final List<String> used = new ArrayList<>();
    private Path key;
    private Path certificate;
    private FollowedFiles files;

    @BeforeEach
    void follow() throws Exception {
        key = Files.writeString(directory.resolve("key"), "k1");
        certificate = Files.writeString(directory.resolve("certificate"), "c1");
        files = new FollowedFiles(
                "some port", FollowedFiles.read(List.of(key, certificate)), this::use, new ManualClock());
    }

    private void use(Map<Path, Bytes> contents) throws UnusableCredentialsException {
        String text = present(contents.get(key)).toUtf8()
                + present(contents.get(certificate)).toUtf8();
        if (text.contains("broken")) {
            throw new UnusableCredentialsException("it is broken", null);
        }
        used.add(text);
    }

    @Test
    void lookWhenNothingChangedUsesNothing() {
        files.look();
        files.look();
        assertThat(used).isEmpty();
    }

    @Test
    void lookWhenContentIsTheSameTwiceUsesItOnce() throws IOException {
        Files.writeString(key, "k2");
        files.look();
        assertThat(used).isEmpty();
        Files.writeString(certificate, "c2");
        files.look();
        assertThat(used).isEmpty();
        files.look();
        files.look();
        assertThat(used).containsExactly("k2c2");
    }

    @Test
    void lookWhenContentIsUnusableReportsItOnceAndUsesWhatComesNext(CapturedOutput output) throws IOException {
        Files.writeString(key, "broken");
        for (int i = 0; i < 5; i++) {
            files.look();
        }
        assertThat(used).isEmpty();
        assertThat(output.getAll()).containsOnlyOnce("changed files cannot be used");
        assertThat(output.getAll()).contains("some port", "it is broken");
        Files.writeString(key, "k2");
        files.look();
        files.look();
        assertThat(used).containsExactly("k2c1");
    }

    @Test
    void lookWhenAFileIsMissingForAWhileKeepsWhatItHas(CapturedOutput output) throws IOException {
        Files.delete(key);
        files.look();
        files.look();
        assertThat(output.getAll()).contains("cannot read " + key);
        Files.writeString(key, "k1");
        files.look();
        files.look();
        assertThat(used).isEmpty();
    }

    @Test
    void lookWhenALinkIsPointedElsewhereUsesTheOtherFile() throws Exception {
        Path old = Files.createDirectory(directory.resolve("old"));
        Path fresh = Files.createDirectory(directory.resolve("fresh"));
        Files.writeString(old.resolve("key"), "k1");
        Files.writeString(fresh.resolve("key"), "k2");
        Path link = Files.createSymbolicLink(directory.resolve("link"), old);
        key = link.resolve("key");
        files = new FollowedFiles(
                "some port", FollowedFiles.read(List.of(key, certificate)), this::use, new ManualClock());
        Files.delete(link);
        Files.createSymbolicLink(link, fresh);
        files.look();
        files.look();
        assertThat(used).containsExactly("k2c1");
    }

    @Test
    void readWhenAFileIsTooLargeRefusesIt() throws IOException {
        Files.write(key, new byte[(16 << 20) + 1]);
        assertThatThrownBy(() -> FollowedFiles.read(List.of(key)))
                .isInstanceOf(UnusableCredentialsException.class)
                .hasMessageContaining("is larger than");
    }
}
