package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.fixture.EtcdWayProcess;
import io.quorate.fixture.EtcdWayProcess.Way;
import io.quorate.fixture.FreePorts;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestMember;
import io.quorate.proto.MemberAddRequest;
import java.io.IOException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Starts that are written for etcd. */
class EtcdWayIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void startWhenEachMemberIsConfiguredInAnotherWayFormsACluster() {
        List<TestMember> members = new ArrayList<>();
        for (Way way : Way.values()) {
            members.add(new EtcdWayProcess(
                    way, new TreeMap<>(Map.of("name", "m" + way.ordinal(), "logger", "zap")), List.of()));
        }
        String cluster = members.stream()
                .map(member -> member.name() + "=" + member.peerUrl())
                .collect(Collectors.joining(","));
        try {
            members.forEach(member ->
                    member.configure(Map.of("initial-cluster", cluster)).launch());
            members.forEach(TestMember::awaitReady);
            for (TestMember member : members) {
                await().atMost(LIMIT).until(() -> member.output().contains("ready to serve client requests on"));
                assertThat(member.output()).contains("--logger is accepted and ignored");
                try (GrpcConnection grpc = GrpcConnection.to(member)) {
                    grpc.put(member.name(), "1");
                    assertThat(grpc.get("m0").getKvsCount()).isEqualTo(1);
                }
            }
        } finally {
            members.forEach(TestMember::close);
        }
    }

    @Test
    void startWhenAPortForMetricsIsGivenServesThemThereToo() throws IOException, InterruptedException {
        try (TestMember member = new EtcdWayProcess(Way.FLAGS, Map.of(), List.of());
                HttpClient client = HttpClient.newHttpClient()) {
            member.configure(Map.of("listen-metrics-urls", member.managementUrl()))
                    .start();
            for (String url : List.of(
                    member.clientUrl() + "/metrics",
                    member.managementUrl() + "/metrics",
                    member.managementUrl() + "/health",
                    member.managementUrl() + "/actuator/health/readiness")) {
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(url).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "--bogus, 2, flag provided but not defined: -bogus",
                "extra, 2, 'extra' is not a valid flag",
                "--heartbeat-interval=soon, 2, invalid value \"soon\" for flag -heartbeat-interval",
                "--spring.profiles.active=prd, 2, spring.profiles.active = prd: is no profile",
                "--version, 0, Quorate Version: ",
                "--help, 0, --listen-client-urls"
            })
    void startWhenOnlyTheCommandLineCountsEndsAtOnce(String argument, int exitCode, String text) {
        try (TestMember member = new EtcdWayProcess(Way.VARIABLES, Map.of(), List.of(argument))) {
            member.launch();
            assertThat(member.awaitExit(LIMIT).exitCode()).isEqualTo(exitCode);
            assertThat(member.output()).contains(text).doesNotContain("\tat ");
        }
    }

    /** Containers have no locale: the letter for micro must get through all the same. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void startWhenThereIsNoLocaleReadsADurationInMicroseconds(Way way) {
        try (TestMember member = new EtcdWayProcess(way, Map.of("warning-apply-duration", "1\u00b5s"), List.of())) {
            member.launchOn(member.directory().resolve("data"), Map.of("LC_ALL", "POSIX"));
            member.awaitReady();
            try (GrpcConnection grpc = GrpcConnection.to(member)) {
                grpc.put("a", "1");
                await().atMost(LIMIT).until(() -> member.output().contains("more than 0.001 ms"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void startWhenTheDataDirectoryIsEmptyKeepsAllInOneOfTheMembersName(Way way) {
        try (TestMember member = new EtcdWayProcess(way, Map.of("name", "m7", "data-dir", ""), List.of())) {
            member.start();
            assertThat(member.directory().resolve("m7.etcd/member/wal")).isNotEmptyDirectory();
            assertThat(member.directory().resolve("m7.etcd/member/db")).isNotEmptyDirectory();
        }
    }

    @Test
    void startWhenClientsMembersAndMetricsHavePlacesOfTheirOwnServesEachThere(@TempDir Path sockets) throws Exception {
        List<TestMember> members = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            String peers = "unix://" + sockets.resolve("m" + i + ":0");
            members.add(new EtcdWayProcess(
                    Way.FLAGS,
                    new TreeMap<>(Map.of(
                            "name", "m" + i,
                            "listen-peer-urls", peers,
                            "initial-advertise-peer-urls", peers)),
                    List.of()));
        }
        String cluster = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> "m" + i + "=unix://" + sockets.resolve("m" + i + ":0"))
                .collect(Collectors.joining(","));
        String http = "http://127.0.0.1:" + FreePorts.next();
        String metrics = "http://127.0.0.1:" + FreePorts.next();
        TestMember first = members.getFirst();
        first.configure(Map.of(
                "listen-client-urls", first.clientUrl() + ",unix://" + sockets.resolve("clients"),
                "listen-client-http-urls", http,
                "listen-metrics-urls", first.managementUrl() + "," + metrics));
        try (HttpClient client = HttpClient.newHttpClient()) {
            members.forEach(member ->
                    member.configure(Map.of("initial-cluster", cluster)).launch());
            members.forEach(member ->
                    await().atMost(LIMIT).until(() -> member.output().contains("ready to serve client requests on")));
            try (GrpcConnection grpc = GrpcConnection.to(first)) {
                grpc.put("a", "1");
                MemberAddRequest learner = MemberAddRequest.newBuilder()
                        .addPeerURLs("unix://" + sockets.resolve("m4"))
                        .setIsLearner(true)
                        .build();
                // Members count as connected only once they have been for a while.
                await().atMost(LIMIT)
                        .ignoreExceptionsMatching(
                                refusal -> String.valueOf(refusal.getMessage()).contains("unhealthy cluster"))
                        .until(() -> grpc.cluster().memberAdd(learner).getMembersCount() == 4);
            }
            for (String url : List.of(http + "/version", metrics + "/metrics", first.managementUrl() + "/health")) {
                assertThat(status(client, url)).as(url).isEqualTo(200);
            }
            assertThat(status(client, metrics + "/v3/kv/range")).isEqualTo(404);
            assertThatThrownBy(() -> status(client, first.clientUrl() + "/version"))
                    .as("gRPC only")
                    .isInstanceOf(IOException.class);
            try (SocketChannel local = SocketChannel.open(UnixDomainSocketAddress.of(sockets.resolve("clients")))) {
                assertThat(local.isConnected()).isTrue();
                assertThat(status(client, metrics + "/livez")).isEqualTo(200); // accepted after it
            }
            assertThat(first.output()).doesNotContain("Unknown channel option");
        } finally {
            members.forEach(TestMember::close);
        }
    }

    private static int status(HttpClient client, String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void startWhenAVariableOfQuoratesIsMisspeltEndsAndNamesTheRightOne() {
        try (TestMember member = new EtcdWayProcess(Way.FLAGS, Map.of(), List.of())) {
            member.launchOn(member.directory().resolve("data"), Map.of("QUORATE_DATADRI", "/x"));
            assertThat(member.awaitExit(LIMIT).exitCode()).isEqualTo(2);
            assertThat(member.output())
                    .contains("There is no setting QUORATE_DATADRI", "Did you mean QUORATE_DATADIR?")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void startWhenAProfileHasAFileOrADocumentRuns() throws IOException {
        try (TestMember member =
                new EtcdWayProcess(Way.FLAGS, Map.of(), List.of("--spring.profiles.active=prod,mine"))) {
            Files.writeString(member.directory().resolve("application-mine.yml"), "quorate.max-wals: 7\n");
            member.start();
        }
    }
}
