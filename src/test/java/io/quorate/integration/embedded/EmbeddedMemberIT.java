package io.quorate.integration.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.embedded.EmbeddedQuorate;
import io.quorate.embedded.MovableClock;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Members in the JVM of the test. */
class EmbeddedMemberIT {

    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    @Test
    void memberWhenStoppedAndStartedAgainHasItsDataAndPlace() throws Exception {
        try (EmbeddedQuorate quorate = EmbeddedQuorate.start();
                Jetcd client = new Jetcd(quorate.endpoints())) {
            client.put("a", "1");
            quorate.member(1).stop();
            assertThat(quorate.member(1).isRunning()).isFalse();

            quorate.member(1).restart();

            assertThat(quorate.member(1).isRunning()).isTrue();
            assertThat(client.get("a")).containsExactly("1");
        }
    }

    @Test
    void clusterWhenAMemberIsKilledGoesOnAndTakesItBack() throws Exception {
        try (EmbeddedQuorate quorate = EmbeddedQuorate.builder().members(3).start();
                Jetcd client = new Jetcd(quorate.endpoints().subList(1, 3))) {
            client.put("a", "1");
            quorate.member(1).kill();
            client.put("b", "2");
            quorate.member(1).restart();

            try (Jetcd returned = new Jetcd(List.of(quorate.member(1).endpoint()))) {
                assertThat(returned.get("b")).containsExactly("2");
            }
        }
    }

    @Test
    void leaseWhenTheClockIsMovedRunsOutThenAndNoSooner() throws Exception {
        try (EmbeddedQuorate quorate = EmbeddedQuorate.builder().members(3).start();
                Jetcd client = new Jetcd(quorate.endpoints())) {
            client.putFor(36_000, "session", "here");

            quorate.clock().advance(Duration.ofHours(9));
            assertThat(client.get("session")).containsExactly("here");

            quorate.clock().advance(Duration.ofHours(1));
            assertThat(client.get("session")).isEmpty();
        }
    }

    @Test
    void clockWhenSharedMovesAllClusters() throws Exception {
        MovableClock clock = new MovableClock();
        try (EmbeddedQuorate first = EmbeddedQuorate.builder().clock(clock).start();
                EmbeddedQuorate second = EmbeddedQuorate.builder().clock(clock).start();
                Jetcd one = new Jetcd(first.endpoints());
                Jetcd other = new Jetcd(second.endpoints())) {
            one.putFor(600, "a", "1");
            other.putFor(600, "a", "1");

            clock.advance(Duration.ofMinutes(10));

            assertThat(one.get("a")).isEmpty();
            assertThat(other.get("a")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"quorate.max-txn-ops, many", "quorate.backup.to, ftp://elsewhere", "quorate.heartbeat-interval, 0"})
    void startWhenASettingCannotBeUsedNamesItAndLeavesNothing(String name, String value) throws IOException {
        List<Path> files = files();
        assertThatThrownBy(() -> EmbeddedQuorate.builder()
                        .members(3)
                        .setting(name, value)
                        .start()
                        .close())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(value)
                .hasMessageNotContaining("bean");
        assertThat(files()).isEqualTo(files);
    }

    /** What the program around the members would notice: threads, properties, the log, files, ports. */
    @Test
    void clusterWhenClosedLeavesNothingBehind() throws Exception {
        EmbeddedQuorate.start().close(); // what the classes of libraries make once for the JVM
        Set<Thread> threads = Thread.getAllStackTraces().keySet();
        Map<Object, Object> properties = Map.copyOf(System.getProperties());
        List<Path> files = files();
        boolean debug = LoggerFactory.getLogger("io.quorate").isDebugEnabled();

        EmbeddedQuorate quorate = EmbeddedQuorate.builder().members(3).start();
        assertThat(LoggerFactory.getLogger("io.quorate").isDebugEnabled()).isEqualTo(debug);
        assertThat(files()).hasSize(files.size() + 1);
        quorate.close();
        quorate.close();

        assertThat(System.getProperties().equals(properties)).isTrue();
        assertThat(files()).isEqualTo(files);
        assertThat(quorate.endpoints())
                .allSatisfy(endpoint -> assertThatThrownBy(() -> {
                            try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
                                socket.getOutputStream().write(0);
                            }
                        })
                        .isInstanceOf(IOException.class));
        await().pollInSameThread()
                .atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(threadsBeside(threads)).isEmpty());
    }

    /** Those of the platform itself come and go. */
    private static Set<String> threadsBeside(Set<Thread> known) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !known.contains(thread))
                .map(Thread::getName)
                .filter(name -> !name.startsWith("ForkJoinPool.commonPool") && !name.startsWith("process reaper"))
                .collect(Collectors.toSet());
    }

    /** Of this process: others on the machine start members too, and stop them meanwhile. */
    private static List<Path> files() throws IOException {
        String own = "quorate-embedded-pid" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> all = Files.list(TEMPORARY)) {
            return all.filter(file -> file.getFileName().toString().startsWith(own))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void memberWhenTheRestApiIsOnServesIt() throws Exception {
        List<Path> before = files();
        try (EmbeddedQuorate quorate = EmbeddedQuorate.builder()
                        .setting("quorate.rest.enabled", "true")
                        .start();
                HttpClient client = HttpClient.newHttpClient()) {
            URI key = quorate.endpoints().getFirst().resolve("/api/v1/keys/a");
            assertThat(client.send(
                                    HttpRequest.newBuilder(key)
                                            .PUT(HttpRequest.BodyPublishers.ofString("1"))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
            List<Path> own = new ArrayList<>(files());
            own.removeAll(before);
            assertThat(own)
                    .singleElement()
                    .satisfies(directory -> assertThat(directory.resolve("m1-tomcat"))
                            .as("what Tomcat writes goes with the cluster")
                            .isDirectory());
        }
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void memberWhenASettingIsBadSaysSo() {
        assertThatIllegalStateException()
                .isThrownBy(() -> EmbeddedQuorate.builder()
                        .setting("quorate.snapshot-count", "many")
                        .start())
                .withMessageContaining("snapshot-count");
    }

    @Test
    void memberWhenTheClusterIsClosedIsNotStartedAgain() {
        EmbeddedQuorate quorate = EmbeddedQuorate.start();
        quorate.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> quorate.member(1).restart())
                .withMessage("the cluster was closed");
        assertThatThrownBy(() -> quorate.member(2)).hasMessage("there is no member 2 of 1");
    }
}
