package io.quorate.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.OpenSsl;
import io.quorate.fixture.TestAuthority;
import io.quorate.fixture.TestAuthority.Leaf;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** Who is let in, and whom one lets oneself in with. */
class TlsHandlersTests {

    private static final TestAuthority AUTHORITY = new TestAuthority("a");
    private static final TestAuthority OTHER = new TestAuthority("b");
    private static final Leaf SERVER = AUTHORITY.issue("server", "127.0.0.1", "member.example");
    private static final Leaf CLIENT = AUTHORITY.issue("client");
    private static final String HOST = "127.0.0.1";
    private static final TlsRules MUTUAL = TlsRules.DEFAULT.withDemandsCertificate(true);

    private static Credentials server() {
        return SERVER.credentials(AUTHORITY);
    }

    private static Credentials client(Leaf leaf) {
        return leaf.credentials(AUTHORITY);
    }

    /** What a server by these rules says to a client with this certificate. */
    private static String answer(TlsRules rules, Leaf client) throws Exception {
        return answer(rules, server(), client);
    }

    private static String answer(TlsRules rules, Credentials server, Leaf client) throws Exception {
        try (TlsLoopback ends = new TlsLoopback(rules, server)) {
            String reason = ends.dial(TlsRules.DEFAULT, client(client), HOST);
            await().until(() -> ends.accepted.failures() == (reason.isEmpty() ? 0 : 1));
            return reason;
        }
    }

    @Test
    void libraryWhenAskedForIsOpenSsl() {
        assertThat(OpenSsl.isAvailable()).isTrue();
        assertThat(TlsRules.knownCipherSuites()).contains("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    }

    @Test
    void acceptWhenCertificateIsOfTheAuthorityAgrees() throws Exception {
        assertThat(answer(MUTUAL, CLIENT)).isEmpty();
        assertThat(answer(TlsRules.DEFAULT, CLIENT)).isEmpty();
    }

    @Test
    void acceptWhenCertificateIsOfAnotherAuthorityRefuses() throws Exception {
        TestAuthority forged = new TestAuthority("a"); // by its name, clients take it for the one that is asked for
        assertThat(answer(MUTUAL, forged.issue("client"))).contains("PKIX path validation failed");
        assertThat(answer(MUTUAL, OTHER.issue("client"))).isNotEmpty();
        assertThat(answer(TlsRules.DEFAULT, OTHER.issue("client"))).isEmpty();
    }

    @Test
    void acceptWhenCertificateHasExpiredRefuses() throws Exception {
        assertThat(answer(MUTUAL, AUTHORITY.issueExpired("client"))).contains("validity check failed");
    }

    /** What a client of another library is told, which is the only thing it learns. */
    private static String alert(TlsRules rules, Credentials server, Leaf leaf) throws Exception {
        try (TlsLoopback ends = new TlsLoopback(rules, server);
                SSLSocket socket = (SSLSocket) leaf.context(AUTHORITY)
                        .getSocketFactory()
                        .createSocket(
                                ends.address().getAddress(), ends.address().getPort())) {
            try {
                socket.startHandshake();
                return String.valueOf(socket.getInputStream().read());
            } catch (SSLException e) {
                return String.valueOf(e.getMessage());
            }
        }
    }

    @Test
    void acceptWhenItRefusesSaysWhyByTheRightAlert() throws Exception {
        assertThat(alert(MUTUAL, server(), new TestAuthority("a").issue("client")))
                .endsWith("unknown_ca");
        assertThat(alert(MUTUAL, server(), AUTHORITY.issueExpired("client"))).endsWith("certificate_expired");
        assertThat(alert(MUTUAL.withAllowedNames(Set.of("member")), server(), CLIENT))
                .endsWith("bad_certificate");
    }

    @Test
    void acceptWhenItRefusesNamesTheCertificateAndTheCause() throws Exception {
        assertThat(answer(MUTUAL.withAllowedNames(Set.of("member")), CLIENT))
                .contains("the certificate of CN=client, issued by CN=a, is refused: the common name [client] is not");
        assertThat(answer(MUTUAL, AUTHORITY.issueExpired("client")))
                .contains("the certificate of CN=client, issued by CN=a, is refused: PKIX");
    }

    @Test
    void acceptWhenCertificateIsRevokedRefuses() throws Exception {
        Leaf lost = AUTHORITY.issue("client");
        X509CRL list = (X509CRL) CertificateFactory.getInstance("X.509")
                .generateCRL(
                        new ByteArrayInputStream(AUTHORITY.revoke(lost.x509()).getBytes(US_ASCII)));
        Credentials clean = server();
        Credentials server = new Credentials(clean.accepting(), clean.dialling(), clean.authorities(), List.of(list));
        assertThat(answer(MUTUAL, server, lost)).contains("is revoked");
        assertThat(answer(MUTUAL, server, CLIENT)).isEmpty();
    }

    @Test
    void acceptWhenCommonNameIsNotAllowedRefuses() throws Exception {
        TlsRules rules = MUTUAL.withAllowedNames(Set.of("member", "client"));
        assertThat(answer(rules, CLIENT)).isEmpty();
        assertThat(answer(rules, AUTHORITY.issue("stranger"))).contains("common name [stranger] is not allowed");
    }

    @Test
    void acceptWhenHostnameIsNotAllowedRefuses() throws Exception {
        TlsRules rules = MUTUAL.withAllowedHostnames(Set.of("good.example"));
        assertThat(answer(rules, AUTHORITY.issue("x", "good.example"))).isEmpty();
        assertThat(answer(rules, AUTHORITY.issue("good.example"))).contains("are not allowed");
    }

    @Test
    void acceptWhenAddressIsNotThatOfTheCertificateRefuses() throws Exception {
        TlsRules rules = MUTUAL.withChecksAddress(true);
        assertThat(answer(rules, CLIENT)).isEmpty();
        assertThat(answer(rules, AUTHORITY.issue("x", "127.0.0.1"))).isEmpty();
        assertThat(answer(rules, AUTHORITY.issue("x", "10.9.9.9"))).contains("127.0.0.1 is none of the hosts");
        assertThat(answer(MUTUAL, AUTHORITY.issue("x", "10.9.9.9"))).isEmpty();
    }

    @Test
    void acceptWhenVersionsHaveNothingInCommonRefuses() throws Exception {
        try (TlsLoopback ends = new TlsLoopback(MUTUAL.withProtocols(List.of("TLSv1.3")), server())) {
            TlsRules old = TlsRules.DEFAULT.withProtocols(List.of("TLSv1.2"));
            assertThat(ends.dial(old, client(CLIENT), HOST)).isNotEmpty();
            assertThat(ends.dial(TlsRules.DEFAULT, client(CLIENT), HOST)).isEmpty();
        }
    }

    @Test
    void acceptWhenSuitesAreChosenKeepsThoseOfTls13() throws Exception {
        TlsRules rules = MUTUAL.withCipherSuites(List.of("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"));
        TlsRules other = TlsRules.DEFAULT
                .withProtocols(List.of("TLSv1.2"))
                .withCipherSuites(List.of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"));
        try (TlsLoopback ends = new TlsLoopback(rules, server())) {
            assertThat(ends.dial(other, client(CLIENT), HOST)).isNotEmpty();
            assertThat(ends.dial(TlsRules.DEFAULT, client(CLIENT), HOST)).isEmpty();
        }
    }

    @Test
    void dialWhenServerIsNotWhoWasDialledRefuses() throws Exception {
        try (TlsLoopback ends = new TlsLoopback(MUTUAL, server())) {
            assertThat(ends.dial(TlsRules.DEFAULT, client(CLIENT), "member.example"))
                    .isEmpty();
            assertThat(ends.dial(TlsRules.DEFAULT, client(CLIENT), "other.example"))
                    .contains("other.example");
            assertThat(ends.dial(TlsRules.DEFAULT, CLIENT.credentials(OTHER), HOST))
                    .contains("unable to find valid certification path");
        }
    }

    @Test
    void dialWhenAnyServerIsBelievedDoesNotCareWhoItIs() throws Exception {
        KeyManagerFactory keys = SelfSigned.create(List.of("nowhere.example"), Instant.now(), Duration.ofDays(1))
                .keyManagers();
        Credentials own = new Credentials(keys, keys, Authorities.of(List.of()), List.of());
        try (TlsLoopback ends = new TlsLoopback(TlsRules.DEFAULT, own)) {
            assertThat(ends.dial(TlsRules.DEFAULT.withTrustsAnyServer(true), own, HOST))
                    .isEmpty();
            assertThat(ends.dial(TlsRules.DEFAULT, own, HOST)).isNotEmpty();
        }
    }

    @Test
    void useWhenCredentialsChangeJudgesNewConnectionsByThem() throws Exception {
        try (TlsLoopback ends = new TlsLoopback(MUTUAL, server())) {
            assertThat(ends.dial(TlsRules.DEFAULT, client(CLIENT), HOST)).isEmpty();
            ends.accepting.use(OTHER.issue("server", HOST).credentials(OTHER));
            assertThat(ends.dial(TlsRules.DEFAULT, client(CLIENT), HOST)).isNotEmpty();
            Credentials moved = OTHER.issue("client").credentials(OTHER);
            assertThat(ends.dial(TlsRules.DEFAULT, moved, HOST)).isEmpty();
        }
    }

    @Test
    void checkWhenAFactoryHoldsNoPairRefusesIt() throws Exception {
        Identity.check(server().accepting());
        KeyManagerFactory nothing = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        nothing.init(null, null);
        assertThatThrownBy(() -> Identity.check(nothing)).hasMessage("there is no key");
    }

    @Test
    void keyManagersWhenKeyIsAnotherOneIsRefused() {
        assertThatThrownBy(() -> new Identity(CLIENT.secret(), List.of(SERVER.x509())).keyManagers())
                .isInstanceOf(UnusableCredentialsException.class)
                .hasMessageContaining("not that of the certificate of CN=server");
    }
}
