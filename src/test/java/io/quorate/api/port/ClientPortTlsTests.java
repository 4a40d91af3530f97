package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.netty.handler.ssl.OpenSsl;
import io.quorate.api.port.ClientPortOptions.ClientCertificates;
import io.quorate.api.port.ClientPortOptions.Tls;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.RangeRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** Mutual TLS: gRPC, HTTP/1.1 and HTTP/2 by ALPN, and what changes when certificates are rotated. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClientPortTlsTests {

    @TempDir
    private static Path directory;

    private static Certificates certificates;
    private static EdgeFixture edge;

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(Certificates.isPossible(), "needs openssl");
        certificates = new Certificates(directory);
        certificates.authority("ca1");
        certificates.authority("ca2");
        certificates.certificate("server1", "ca1");
        certificates.certificate("server2", "ca2");
        certificates.certificate("client1", "ca1");
        certificates.certificate("client2", "ca2");
        install("server1", "ca1");
        edge = EdgeFixture.start(
                options -> options.withTls(new Tls("client", ClientCertificates.REQUIRED))
                        .withListen(List.of(ListenAddress.parse("https://127.0.0.1:0"))),
                "spring.ssl.bundle.pem.client.keystore.certificate=file:" + certificates.file("live.crt"),
                "spring.ssl.bundle.pem.client.keystore.private-key=file:" + certificates.file("live.key"),
                "spring.ssl.bundle.pem.client.truststore.certificate=file:" + certificates.file("live-ca.crt"),
                "spring.ssl.bundle.pem.client.reload-on-update=true",
                "spring.ssl.bundle.watch.file.quiet-period=50ms");
    }

    @AfterAll
    static void stop() {
        if (edge != null) {
            edge.close();
        }
    }

    private static void install(String certificate, String authority) throws IOException {
        copy(authority + ".crt", "live-ca.crt");
        copy(certificate + ".key", "live.key");
        copy(certificate + ".crt", "live.crt");
    }

    private static void copy(String from, String to) throws IOException {
        Files.copy(certificates.file(from), certificates.file(to), StandardCopyOption.REPLACE_EXISTING);
    }

    private static Status range(String client, String authority) throws Exception {
        TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder()
                .trustManager(certificates.file(authority + ".crt").toFile());
        if (!client.isEmpty()) {
            credentials.keyManager(
                    certificates.file(client + ".crt").toFile(),
                    certificates.file(client + ".key").toFile());
        }
        ManagedChannel channel = Grpc.newChannelBuilderForAddress("127.0.0.1", edge.port(), credentials.build())
                .build();
        try {
            KVGrpc.newBlockingStub(channel).range(RangeRequest.getDefaultInstance());
            return Status.OK;
        } catch (io.grpc.StatusRuntimeException e) {
            return e.getStatus();
        } finally {
            channel.shutdownNow();
        }
    }

    private static HttpResponse<String> post(HttpClient.Version version, String client, String path) throws Exception {
        PemSslStoreDetails key = new PemSslStoreDetails(
                null,
                Files.readString(certificates.file(client + ".crt")),
                Files.readString(certificates.file(client + ".key")));
        PemSslStoreDetails trust =
                PemSslStoreDetails.forCertificate(Files.readString(certificates.file("live-ca.crt")));
        SSLContext context = SslBundle.of(new PemSslStoreBundle(PemSslStore.load(key), PemSslStore.load(trust)))
                .createSslContext();
        try (HttpClient http =
                HttpClient.newBuilder().sslContext(context).version(version).build()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + edge.port() + path))
                            .POST(BodyPublishers.ofString("{}"))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    @Test
    @Order(1)
    void tlsWhenNativeLibraryIsThereUsesIt() {
        assertThat(OpenSsl.isAvailable()).isTrue();
    }

    @Test
    @Order(1)
    void grpcWhenClientShowsACertificateIsServedAndElseRefused() throws Exception {
        assertThat(range("client1", "ca1").isOk()).isTrue();
        assertThat(range("", "ca1").getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(range("client2", "ca1").getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    @Order(1)
    void jsonWhenNegotiatedByAlpnIsServedInBothVersions() throws Exception {
        HttpResponse<String> h2 = post(HttpClient.Version.HTTP_2, "client1", "/v3/kv/range");
        assertThat(h2.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(h2.statusCode()).isEqualTo(200);
        HttpResponse<String> h1 = post(HttpClient.Version.HTTP_1_1, "client1", "/v3/kv/range");
        assertThat(h1.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(h1.body()).isEqualTo(h2.body());
    }

    @Test
    @Order(1)
    void bridgeWhenConnectionIsTlsShowsSchemeAndCertificate() throws Exception {
        assertThat(post(HttpClient.Version.HTTP_1_1, "client1", "/hello").body())
                .isEqualTo("127.0.0.1 https 2 1");
        assertThat(post(HttpClient.Version.HTTP_2, "client1", "/hello").body()).isEqualTo("127.0.0.1 https 2 1");
    }

    @Test
    @Order(2)
    void tlsWhenKeysAndAuthorityAreRotatedFollowsWithoutRestart() throws Exception {
        install("server2", "ca2");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> range("client2", "ca2").isOk());
        assertThat(range("client1", "ca1").getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(post(HttpClient.Version.HTTP_2, "client2", "/v3/kv/range").statusCode())
                .isEqualTo(200);
        assertThatThrownBy(() -> post(HttpClient.Version.HTTP_2, "client1", "/v3/kv/range"))
                .isInstanceOf(IOException.class);
    }
}
