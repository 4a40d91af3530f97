package io.quorate.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.grpc.ChannelCredentials;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.GrpcSslContexts;
import io.quorate.fixture.EtcdctlCommand;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestAuthority;
import io.quorate.fixture.TestAuthority.Leaf;
import io.quorate.fixture.TestMember;
import java.io.IOException;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A member with mutual TLS, set up with etcd's settings, and the tools that people use. */
class TlsIT {

    private static final TestAuthority AUTHORITY = new TestAuthority("clients");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path files;

    private static TestMember member;

    @BeforeAll
    static void start() {
        TestAuthority.replace(files.resolve("ca.crt"), AUTHORITY.pem());
        TestAuthority.replace(files.resolve("strange-ca.crt"), new TestAuthority("stranger").pem());
        AUTHORITY.issue("server", "127.0.0.1", "localhost").writeTo(files, "server");
        AUTHORITY.issue("client").writeTo(files, "client");
        AUTHORITY.issueExpired("client").writeTo(files, "expired");
        new TestAuthority("stranger").issue("client").writeTo(files, "strange");
        Leaf lost = AUTHORITY.issue("client").writeTo(files, "revoked");
        TestAuthority.replace(files.resolve("revoked.crl"), AUTHORITY.revoke(lost.x509()));
        member = TestMember.create(Map.of(
                        "cert-file", path("server.crt"),
                        "key-file", path("server.key"),
                        "trusted-ca-file", path("ca.crt"),
                        "client-crl-file", path("revoked.crl")))
                .start();
    }

    @AfterAll
    static void stop() {
        member.close();
    }

    private static String path(String name) {
        return files.resolve(name).toString();
    }

    private static EtcdctlCommand.Answer etcdctl(String authority, String client, String... arguments) {
        assumeTrue(EtcdctlCommand.isInstalled(), "needs etcdctl");
        List<String> all = new ArrayList<>(List.of("--cacert=" + path(authority), "--command-timeout=2s"));
        if (!client.isEmpty()) {
            all.addAll(List.of("--cert=" + path(client + ".crt"), "--key=" + path(client + ".key")));
        }
        all.addAll(List.of(arguments));
        return new EtcdctlCommand(member).tryRun("", all.toArray(String[]::new));
    }

    @Test
    void etcdctlWhenItShowsItsCertificateIsServed() {
        assertThat(etcdctl("ca.crt", "client", "put", "by-etcdctl", "1").output())
                .isEqualTo("OK");
        assertThat(etcdctl("ca.crt", "client", "get", "--print-value-only", "by-etcdctl")
                        .output())
                .isEqualTo("1");
        assertThat(etcdctl("ca.crt", "client", "endpoint", "health").exitCode()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"ca.crt, ''", "ca.crt, expired", "ca.crt, strange", "ca.crt, revoked", "strange-ca.crt, client"})
    void etcdctlWhenEitherSideDoesNotBelieveTheOtherIsRefused(String authority, String client) {
        assertThat(etcdctl(authority, client, "put", "by-a-stranger", "1").exitCode())
                .isNotZero();
        assertThat(etcdctl("ca.crt", "client", "get", "by-a-stranger").output()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"--http1.1, 1.1", "--http2, 2"})
    void curlWhenItShowsItsCertificateIsServedInBothVersions(String option, String version) throws Exception {
        String output = curl(
                option,
                "--cacert",
                path("ca.crt"),
                "--cert",
                path("client.crt"),
                "--key",
                path("client.key"),
                "--write-out",
                " %{http_version}",
                "--data",
                "{\"key\":\"Y3VybA==\",\"value\":\"MQ==\"}",
                member.clientUrl() + "/v3/kv/put");
        assertThat(output).startsWith("{\"header\":").endsWith(" " + version);
    }

    @Test
    void curlWhenItShowsNoCertificateGetsNothing() throws Exception {
        assertThat(curl("--cacert", path("ca.crt"), member.clientUrl() + "/version"))
                .isEmpty();
    }

    private static String curl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "--silent", "--max-time", "10"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return output;
    }

    @Test
    void jetcdWhenItShowsItsCertificateIsServed() throws Exception {
        ByteSequence key = ByteSequence.from("jetcd", UTF_8);
        try (Client client = Client.builder()
                .endpoints(member.clientUrl())
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(files.resolve("ca.crt").toFile())
                        .keyManager(
                                files.resolve("client.crt").toFile(),
                                files.resolve("client.key").toFile())
                        .build())
                .build()) {
            client.getKVClient().put(key, ByteSequence.from("1", UTF_8)).get(10, TimeUnit.SECONDS);
            assertThat(client.getKVClient().get(key).get(10, TimeUnit.SECONDS).getCount())
                    .isEqualTo(1);
        }
    }

    @Test
    void grpcWhenItShowsNoCertificateIsRefused() throws IOException {
        assertThat(put(credentials("client"))).isTrue();
        ChannelCredentials nobody = TlsChannelCredentials.newBuilder()
                .trustManager(files.resolve("ca.crt").toFile())
                .build();
        assertThatThrownBy(() -> put(nobody))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("UNAVAILABLE");
    }

    private static ChannelCredentials credentials(String client) throws IOException {
        return TlsChannelCredentials.newBuilder()
                .trustManager(files.resolve("ca.crt").toFile())
                .keyManager(
                        files.resolve(client + ".crt").toFile(),
                        files.resolve(client + ".key").toFile())
                .build();
    }

    private static boolean put(ChannelCredentials credentials) {
        try (GrpcConnection grpc = GrpcConnection.to(member, credentials)) {
            return grpc.put("by-grpc", "1").hasHeader();
        }
    }

    @Test
    void managementPortWhenAskedNeedsNoCertificateAndCountsTheRefused() throws Exception {
        curl("--cacert", path("ca.crt"), member.clientUrl() + "/version");
        assertThat(page(member.managementUrl() + "/readyz")).isEqualTo("ok\n");
        assertThat(page(member.managementUrl() + "/metrics"))
                .containsPattern("quorate_tls_handshake_failures_total\\{port=\"client\"} [1-9]")
                .contains("quorate_tls_handshake_failures_total{port=\"peer\"} 0");
        assertThat(member.output()).contains("client port: TLS handshake with 127.0.0.1:");
    }

    private static String page(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void startWhenABundleOfSpringIsNamedUsesItAndFollowsItsChange() throws Exception {
        AUTHORITY.issue("bundled", "127.0.0.1").writeTo(files, "bundled");
        String bundle = """
                {"spring.ssl.bundle":{"watch.file.quiet-period":"50ms","pem.port":{"reload-on-update":true,
                  "keystore":{"certificate":"%s","private-key":"%s"},"truststore":{"certificate":"%s"}}}}
                """.formatted(path("bundled.crt"), path("bundled.key"), path("ca.crt"));
        try (TestMember other = TestMember.create(Map.of("ssl-bundle", "port", "client-cert-auth", "true"))) {
            other.launchOn(other.directory().resolve("data"), Map.of("SPRING_APPLICATION_JSON", bundle));
            other.awaitReady();
            String version = other.clientUrl() + "/version";
            assertThat(curl("--cacert", path("ca.crt"), version)).isEmpty();
            assertThat(version("ca.crt", version)).contains("etcdserver");

            TestAuthority next = new TestAuthority("next");
            TestAuthority.replace(files.resolve("next-ca.crt"), next.pem());
            next.issue("bundled", "127.0.0.1").writeTo(files, "bundled");
            await().atMost(PATIENCE).until(() -> version("next-ca.crt", version).contains("etcdserver"));
            assertThat(other.output()).contains("client port: the changed bundle 'port' is in use for new connections");
        }
    }

    private static String version(String authority, String url) throws IOException, InterruptedException {
        return curl("--cacert", path(authority), "--cert", path("client.crt"), "--key", path("client.key"), url);
    }

    @Test
    void startWhenAutomaticEncryptsWithACertificateOfItsOwn() throws Exception {
        try (TestMember other = TestMember.create(Map.of("auto-tls", "true", "peer-auto-tls", "true"))) {
            other.start();
            assertThat(curl("--insecure", other.clientUrl() + "/version")).contains("etcdserver");
            assertThat(curl("--cacert", path("ca.crt"), other.clientUrl() + "/version"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing.crt", "client.crt"})
    void startWhenCertificateCannotBeUsedSaysWhy(String certificate) {
        try (TestMember other =
                TestMember.create(Map.of("cert-file", path(certificate), "key-file", path("server.key")))) {
            other.launch();
            assertThat(other.awaitExit(PATIENCE).exitCode()).isEqualTo(2);
            assertThat(other.output())
                    .contains(
                            certificate.startsWith("missing")
                                    ? "quorate.cert-file = " + path(certificate)
                                    : "quorate.key-file = " + path("server.key"),
                            certificate.startsWith("missing")
                                    ? "cannot read"
                                    : "the private key is not that of the certificate")
                    .doesNotContain("Caused by");
            assertThat(Files.exists(other.directory().resolve("data"))).isFalse();
        }
    }
}
