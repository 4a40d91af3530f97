package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.MemberProcess;
import io.quorate.fixture.TestMember;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a member keeps is for its owner alone. */
class FileModesIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static List<String> openToOthers(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.map(FileModesIT::described)
                    .filter(text -> !text.startsWith("rw------- ") && !text.startsWith("rwx------ "))
                    .toList();
        }
    }

    private static String described(Path path) {
        try {
            String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
            boolean strange = permissions.startsWith("rwx") && !Files.isDirectory(path);
            return (strange ? "executable " : "") + permissions + " " + path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void directoryWhenTheMemberMakesItIsForItsOwnerAlone() throws IOException {
        try (TestMember member = new MemberProcess(Map.of("snapshot-count", "10"))) {
            Path log = member.directory().resolve("log");
            member.configure(Map.of("wal-dir", log.toString())).start();
            try (GrpcConnection grpc = GrpcConnection.to(member)) {
                for (int i = 0; i < 100; i++) {
                    grpc.put("k" + i, "v");
                }
            }
            assertThat(member.terminate(LIMIT).exitCode()).isEqualTo(143);
            assertThat(openToOthers(member.directory().resolve("data"))).isEmpty();
            assertThat(openToOthers(log)).isEmpty();
            assertThat(member.output()).doesNotContain("can be entered by others");
        }
    }

    @Test
    void directoryWhenItIsThereAndLaxerIsUsedWithAWarning() throws IOException {
        try (TestMember member = new MemberProcess(Map.of())) {
            Path data = Files.createDirectory(member.directory().resolve("data"));
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
            member.start();
            assertThat(member.output()).contains(data + " can be entered by others (rwxr-xr-x)");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                    .isEqualTo("rwxr-xr-x");
            assertThat(openToOthers(data.resolve("member"))).isEmpty();
        }
    }
}
