package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestAuthority;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members that talk to each other over mutual TLS. */
class ClusterTlsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WRITES = 1_000;

    @TempDir
    private static Path files;

    private static TestAuthority authority = new TestAuthority("first");
    private static TestCluster cluster;

    @BeforeAll
    static void start() {
        trust(authority.pem());
        issue();
        cluster = new TestCluster(
                        3,
                        Map.of(
                                "peer-cert-file",
                                path("peer.crt"),
                                "peer-key-file",
                                path("peer.key"),
                                "peer-trusted-ca-file",
                                path("ca.crt"),
                                "peer-cert-allowed-cn",
                                "member",
                                "snapshot-count",
                                "200",
                                "snapshot-catchup-entries",
                                "50"))
                .start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static String path(String name) {
        return files.resolve(name).toString();
    }

    private static void trust(String authorities) {
        TestAuthority.replace(files.resolve("ca.crt"), authorities);
    }

    private static void issue() {
        authority.issue("member", "127.0.0.1").writeTo(files, "peer");
    }

    /** All members have taken up a change so many times. */
    private static void awaitChange(long before) {
        await().atMost(PATIENCE)
                .until(() -> changes() >= before + cluster.members().size());
    }

    private static long changes() {
        return cluster.members().stream()
                .flatMap(member -> member.output().lines())
                .filter(line -> line.contains("peer port: changed files are in use for new connections"))
                .count();
    }

    private static String read(TestMember member, String key) {
        return cluster.grpc(member).get(key).getKvs(0).getValue().toStringUtf8();
    }

    @Test
    void membersWhenTheyShowTheirCertificatesReplicate() {
        for (TestMember writer : cluster.members()) {
            cluster.grpc(writer).put("any", writer.name());
            for (TestMember reader : cluster.members()) {
                assertThat(read(reader, "any")).isEqualTo(writer.name());
            }
        }
    }

    @Test
    void membersWhenTheyMakeTheirOwnCertificatesReplicate() {
        try (TestCluster automatic = new TestCluster(3, Map.of("peer-auto-tls", "true")).start()) {
            TestMember writer = automatic.leader();
            assertThat(writer.peerUrl()).startsWith("https:");
            automatic.grpc(writer).put("any", "1");
            TestMember reader = automatic.follower();
            assertThat(automatic.grpc(reader).get("any").getKvs(0).getValue().toStringUtf8())
                    .isEqualTo("1");
        }
    }

    @Test
    void memberWhenAwayForLongGetsTheStateOverTls() {
        TestMember away = cluster.follower();
        away.kill();
        GrpcConnection writer = cluster.grpc(cluster.leader());
        for (int i = 0; i < WRITES; i++) {
            writer.put("away/" + i, "v" + i);
        }
        away.start();
        cluster.awaitCaughtUp(away);
        assertThat(away.output()).contains("installed the leader's snapshot at index");
        assertThat(read(away, "away/7")).isEqualTo("v7");
    }

    @Test
    void peerPortWhenSomebodyElseKnocksRefusesAndCounts() throws Exception {
        TestMember member = cluster.leader();
        SSLContext stranger = authority.issue("stranger").context(authority);
        try (Socket socket = stranger.getSocketFactory()
                .createSocket("127.0.0.1", URI.create(member.peerUrl()).getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            assertThat(isCutOff(socket)).isTrue();
        }
        await().atMost(PATIENCE)
                .until(() -> metrics(member)
                        .lines()
                        .anyMatch(
                                line -> line.matches("quorate_tls_handshake_failures_total\\{port=\"peer\"} [1-9].*")));
        assertThat(member.output()).contains("the common name [stranger] is not allowed");
    }

    /** By an alert, or by an end if that came faster. */
    private static boolean isCutOff(Socket socket) {
        try {
            socket.getOutputStream().write(1);
            return socket.getInputStream().read() < 0;
        } catch (IOException alert) {
            return !(alert instanceof SocketTimeoutException);
        }
    }

    private static String metrics(TestMember member) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI page = URI.create(member.managementUrl() + "/metrics");
            return client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void writesWhenKeysAndAuthorityAreRotatedAndMembersRestartAllSucceed() throws Exception {
        TestMember leader = cluster.leader();
        GrpcConnection writer = cluster.grpc(leader);
        AtomicBoolean ending = new AtomicBoolean();
        AtomicLong written = new AtomicLong();
        Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
        Thread load = Thread.ofPlatform().start(() -> {
            while (!ending.get()) {
                try {
                    writer.put("load", String.valueOf(written.incrementAndGet()));
                } catch (RuntimeException failure) { // of whatever kind: none is expected
                    failures.add(failure);
                }
            }
        });
        TestAuthority next = new TestAuthority("second");
        String both = authority.pem() + next.pem();
        change(() -> trust(both));
        authority = next;
        change(ClusterTlsIT::issue);
        restart(cluster.follower()); // dials, and is dialled by, members that believe the old authority too
        change(() -> trust(next.pem()));
        cluster.running().stream().filter(member -> member != leader).forEach(ClusterTlsIT::restart);
        ending.set(true);
        load.join();

        assertThat(failures).isEmpty();
        for (TestMember member : cluster.members()) {
            assertThat(read(member, "load")).isEqualTo(String.valueOf(written.get()));
        }
    }

    private static void change(Runnable change) {
        long before = changes();
        change.run();
        awaitChange(before);
    }

    private static void restart(TestMember member) {
        member.kill();
        member.start();
        cluster.awaitCaughtUp(member);
    }
}
