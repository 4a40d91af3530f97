package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.quorate.base.MonotonicClock;
import io.quorate.fixture.TestAuthority;
import io.quorate.fixture.TestAuthority.Leaf;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.RangeRequest;
import io.quorate.tls.Credentials;
import io.quorate.tls.Handshakes;
import io.quorate.tls.TlsHandlers;
import io.quorate.tls.TlsRules;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Mutual TLS on the shared port: gRPC, HTTP/1.1 and HTTP/2 by ALPN, and credentials that are exchanged. */
class ClientPortTlsTests {

    private static final TestAuthority OLD = new TestAuthority("old");
    private static final TestAuthority NEW = new TestAuthority("new");
    private static final Leaf OLD_CLIENT = OLD.issue("client");
    private static final Leaf NEW_CLIENT = NEW.issue("client");
    private static final TlsRules RULES =
            TlsRules.DEFAULT.withDemandsCertificate(true).withApplicationProtocols(List.of("h2", "http/1.1"));

    private static Handshakes handshakes;
    private static TlsHandlers tls;
    private static EdgeFixture edge;

    @BeforeAll
    static void start() throws Exception {
        handshakes = new Handshakes("client", MonotonicClock.SYSTEM);
        tls = TlsHandlers.accepting(RULES, handshakes, server(OLD));
        edge = EdgeFixture.start(
                options -> options.withTls(tls).withListen(List.of(ListenAddress.parse("https://127.0.0.1:0"))));
    }

    @AfterAll
    static void stop() {
        edge.close();
        handshakes.close();
    }

    private static Credentials server(TestAuthority authority) {
        return authority.issue("server", "127.0.0.1").credentials(authority);
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Status range(TestAuthority trusted, Leaf... client) throws IOException {
        TlsChannelCredentials.Builder credentials =
                TlsChannelCredentials.newBuilder().trustManager(stream(trusted.pem()));
        for (Leaf leaf : client) {
            credentials.keyManager(stream(leaf.certificate()), stream(leaf.key()));
        }
        ManagedChannel channel = Grpc.newChannelBuilderForAddress("127.0.0.1", edge.port(), credentials.build())
                .build();
        try {
            KVGrpc.newBlockingStub(channel).range(RangeRequest.getDefaultInstance());
            return Status.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        } finally {
            channel.shutdownNow();
        }
    }

    private static HttpResponse<String> post(HttpClient.Version version, SSLContext context, String path)
            throws Exception {
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
    void grpcWhenClientShowsACertificateIsServedAndElseRefused() throws Exception {
        tls.use(server(OLD));
        assertThat(range(OLD, OLD_CLIENT)).isEqualTo(Status.OK);
        long before = handshakes.failures();
        assertThat(range(OLD).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(range(OLD, NEW_CLIENT).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(handshakes.failures()).isGreaterThanOrEqualTo(before + 2);
    }

    @Test
    void jsonWhenNegotiatedByAlpnIsServedInBothVersions() throws Exception {
        tls.use(server(OLD));
        SSLContext context = OLD_CLIENT.context(OLD);
        HttpResponse<String> h2 = post(HttpClient.Version.HTTP_2, context, "/v3/kv/range");
        assertThat(h2.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(h2.statusCode()).isEqualTo(200);
        HttpResponse<String> h1 = post(HttpClient.Version.HTTP_1_1, context, "/v3/kv/range");
        assertThat(h1.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(h1.body()).isEqualTo(h2.body());
    }

    @Test
    void pingsWhenConnectionIsTlsAreNotLimitedUnlessTheListenerIsForGrpcAlone() throws Exception {
        tls.use(server(OLD));
        assertThat(isLimited(edge)).isFalse();
        ListenAddress grpcOnly = ListenAddress.parse("https://127.0.0.1:0", ListenAddress.Protocols.GRPC);
        try (EdgeFixture grpc =
                EdgeFixture.start(options -> options.withTls(tls).withListen(List.of(grpcOnly)))) {
            assertThat(isLimited(grpc)).isTrue();
        }
    }

    private static boolean isLimited(EdgeFixture port) throws Exception {
        SSLContext context = OLD_CLIENT.context(OLD);
        try (RawHttp2 client = new RawHttp2(context.getSocketFactory().createSocket("127.0.0.1", port.port()))) {
            for (int i = 0; i < 4; i++) {
                client.write(RawHttp2.PING, 0, 0, new byte[8]);
            }
            client.write(RawHttp2.SETTINGS, 0, 0, new byte[0]);
            for (int i = 0; i < 3; i++) {
                client.next(RawHttp2.PING, RawHttp2.ACK);
            }
            RawHttp2.Frame last = client.read();
            while (last != null && last.type() != RawHttp2.GOAWAY && last.type() != RawHttp2.SETTINGS) {
                last = client.read();
            }
            return last == null || last.type() == RawHttp2.GOAWAY;
        }
    }

    @Test
    void bridgeWhenConnectionIsTlsShowsSchemeAndCertificate() throws Exception {
        tls.use(server(OLD));
        SSLContext context = OLD_CLIENT.context(OLD);
        assertThat(post(HttpClient.Version.HTTP_1_1, context, "/api/v1/hello").body())
                .isEqualTo("127.0.0.1 https 2 1");
        assertThat(post(HttpClient.Version.HTTP_2, context, "/api/v1/hello").body())
                .isEqualTo("127.0.0.1 https 2 1");
    }

    @Test
    void portWhenKeyAndAuthorityAreExchangedFollowsWithoutRestart() throws Exception {
        tls.use(server(NEW));
        assertThat(range(NEW, NEW_CLIENT)).isEqualTo(Status.OK);
        assertThat(range(NEW, OLD_CLIENT).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(post(HttpClient.Version.HTTP_2, NEW_CLIENT.context(NEW), "/v3/kv/range")
                        .statusCode())
                .isEqualTo(200);
        assertThatThrownBy(() -> post(HttpClient.Version.HTTP_2, OLD_CLIENT.context(NEW), "/v3/kv/range"))
                .isInstanceOf(IOException.class);
    }
}
