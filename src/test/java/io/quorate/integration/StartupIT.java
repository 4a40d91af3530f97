package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestMember;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Starts that cannot work: the process ends by itself, and says to a human what is wrong. */
class StartupIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern STACK_TRACE = Pattern.compile("(?m)^\\s+at [\\w.$/]+\\(|^Caused by: ");

    private static TestMember running;

    @BeforeAll
    static void start() {
        running = TestMember.create(Map.of());
        assumeTrue(running.isQuorate(), "etcd words these otherwise");
        running.start();
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    /** Starts a member that must fail, and returns what it said. */
    private static String failure(Map<String, String> settings, Path directory) {
        try (TestMember member = TestMember.create(settings)) {
            member.launchOn(directory == null ? member.directory().resolve("data") : directory, Map.of());
            int exitCode = member.awaitExit(LIMIT).exitCode();
            assertThat(exitCode).as(member.output()).isNotZero();
            assertThat(member.output()).doesNotContainPattern(STACK_TRACE);
            return member.output();
        }
    }

    @Test
    void startWhenDirectoryIsInUseNamesIt() {
        Path used = running.directory().resolve("data");

        assertThat(failure(Map.of(), used)).contains(used.toString());

        try (GrpcConnection grpc = GrpcConnection.to(running)) { // the first must not suffer from the second
            assertThat(grpc.put("a", "1").hasHeader()).isTrue();
        }
    }

    @Test
    void startWhenClientPortIsInUseNamesIt() {
        String output = failure(Map.of("listen-client-urls", running.clientUrl()), null);

        assertThat(output).contains("" + running.clientPort()).containsIgnoringCase("in use");
    }

    @Test
    void startWhenDirectoryBelongsToAnotherProgramNamesIt() throws IOException {
        Path foreign = Files.createTempDirectory(running.directory(), "foreign");
        Path member = Files.createDirectories(foreign.resolve("member").resolve("snap"));
        Files.writeString(member.resolve("db"), "the file of some other program");

        assertThat(failure(Map.of(), foreign)).contains(foreign.toString());
        assertThat(member.resolve("db")).hasContent("the file of some other program");
    }

    @ParameterizedTest
    @CsvSource({
        "listen-client-urls, not a url",
        "listen-client-urls, http://127.0.0.1",
        "listen-client-urls, ftp://127.0.0.1:2379",
        "listen-client-urls, http://example.com:2379",
        "listen-peer-urls, 127.0.0.1:2380",
        "initial-advertise-peer-urls, http://",
        "heartbeat-interval, soon",
        "election-timeout, 100ms",
        "snapshot-count, -1",
        "max-request-bytes, plenty",
        "quota-backend-bytes, much"
    })
    void startWhenSettingIsBadNamesSettingAndValue(String name, String value) {
        assertThat(failure(Map.of(name, value), null))
                .contains("quorate." + name)
                .contains(value);
    }

    @ParameterizedTest
    @CsvSource({"no-such-setting", "data-dirr", "limits.nothing"})
    void startWhenSettingIsUnknownNamesIt(String name) {
        assertThat(failure(Map.of(name, "1"), null)).contains("quorate." + name);
    }
}
