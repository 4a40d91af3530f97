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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts that cannot work: the process ends by itself, and says to a human what is wrong. */
class StartupIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
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
    private static String failure(Map<String, String> settings, @Nullable Path directory) {
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
    void startWhenTheUserHasNoNameWorks() { // as in a container, where users are numbers
        try (TestMember member = TestMember.create(Map.of())) {
            member.launchOn(member.directory().resolve("data"), Map.of("JAVA_TOOL_OPTIONS", "-Duser.name=?"));
            member.awaitReady();
        }
    }

    @Test
    void startWhenClientPortIsInUseNamesIt() {
        String output = failure(Map.of("listen-client-urls", running.clientUrl()), null);

        assertThat(output).contains("" + running.clientPort()).containsIgnoringCase("in use");
    }

    @Test
    void startWhenDatabaseIsOfAnotherProgramNamesIt() throws IOException {
        Path foreign = Files.createTempDirectory(running.directory(), "foreign");
        Path database = Files.createDirectories(foreign.resolve("member").resolve("db"));
        Path file = Files.writeString(database.resolve("customers.sqlite"), "not ours");

        assertThat(failure(Map.of(), foreign)).contains(database.toString(), "customers.sqlite");
        assertThat(file).hasContent("not ours");
    }

    @Test
    void startWhenLogIsOfAnotherMemberNamesIt() {
        try (TestMember other = TestMember.create(Map.of("name", "other"))) {
            other.start();
            assertThat(other.terminate(LIMIT).exitCode()).isIn(0, 128 + 15);
            Path log = other.directory().resolve("data").resolve("member").resolve("wal");

            assertThat(failure(Map.of(), other.directory().resolve("data"))).contains(log.toString());

            other.start(); // and its owner must find it as it was
        }
    }

    @ParameterizedTest
    @CsvSource({
        "listen-client-urls, ftp://127.0.0.1:2379",
        "listen-peer-urls, 127.0.0.1:2380",
        "election-timeout, 100ms",
        "max-request-bytes, plenty"
    })
    void startWhenSettingIsBadNamesSettingAndValue(String name, String value) {
        assertThat(failure(Map.of(name, value), null))
                .contains("quorate." + name)
                .contains(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"data-dirr", "limits.nothing"})
    void startWhenSettingIsUnknownNamesIt(String name) {
        assertThat(failure(Map.of(name, "1"), null)).contains("quorate." + name);
    }
}
