package io.quorate.integration.auth;

import static io.quorate.integration.auth.SecuredMember.ALICE;
import static io.quorate.integration.auth.SecuredMember.ROOT;
import static io.quorate.integration.auth.SecuredMember.password;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.MemberProcess;
import io.quorate.fixture.TestAuthority;
import io.quorate.fixture.TestMember;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The port for operators of a member with authentication on, and of one that others reach. */
class OperatorsPortIT {

    private static final int READ_LIMIT_MILLIS = 60_000;

    @TempDir
    private static Path files;

    private static SecuredMember secured;
    private static TestAuthority authority;
    private static TestMember open;

    @BeforeAll
    static void start() {
        secured = SecuredMember.start(new MemberProcess(Map.of()));
        authority = new TestAuthority("operators");
        TestAuthority.replace(files.resolve("ca.crt"), authority.pem());
        authority.issue("server", "127.0.0.1").writeTo(files, "server");
        open = MemberProcess.withOptions(
                        Map.of(),
                        "-Dmanagement.server.address=0.0.0.0 -Dspring.ssl.bundle.pem.ops.keystore.certificate=file:"
                                + files.resolve("server.crt")
                                + " -Dspring.ssl.bundle.pem.ops.keystore.private-key=file:"
                                + files.resolve("server.key")
                                + " -Dspring.ssl.bundle.pem.ops.truststore.certificate=file:"
                                + files.resolve("ca.crt")
                                + " -Dmanagement.server.ssl.bundle=ops -Dmanagement.server.ssl.client-auth=want")
                .start();
    }

    @AfterAll
    static void stop() {
        secured.close();
        open.close();
    }

    /** The whole answer of the port on loopback; a client of the JDK would tidy the path up. */
    private static String get(String path, @Nullable String authorization) {
        int port = URI.create(secured.member().managementUrl()).getPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return exchange(socket, path, authorization);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String exchange(Socket socket, String path, @Nullable String authorization) throws IOException {
        socket.setSoTimeout(READ_LIMIT_MILLIS);
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + (authorization == null ? "" : "Authorization: " + authorization + "\r\n") + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator",
                "/actuator/raft",
                "/actuator/settings",
                "/actuator/settings/quorate.max-txn-ops",
                "/actuator/info",
                "/actuator/sbom"
            })
    void endpointsWhenAuthenticationIsOnAreForRootAlone(String path) {
        String nobody = get(path, null);
        assertThat(nobody).startsWith("HTTP/1.1 401").containsIgnoringCase("www-authenticate: Basic");
        assertThat(get(path, basic(ROOT, "wrong"))).startsWith("HTTP/1.1 401");
        assertThat(get(path, "Bearer abcdefghijklmnop.1")).startsWith("HTTP/1.1 401");
        assertThat(get(path, basic(ALICE, password(ALICE)))).startsWith("HTTP/1.1 403");
        assertThat(get(path, "Bearer " + secured.token(ALICE))).startsWith("HTTP/1.1 403");
        assertThat(get(path, basic(ROOT, password(ROOT)))).startsWith("HTTP/1.1 200");
        assertThat(get(path, "Bearer " + secured.token(ROOT))).startsWith("HTTP/1.1 200");
    }

    /** Ways to write a path that lead to an endpoint, or might: none leads past the question who asks. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator;a=b/raft",
                "/actuator/raft;a=b",
                "/;a=b/actuator/raft",
                "/%61ctuator/raft",
                "/actuator/%72aft",
                "//actuator/raft",
                "/actuator//raft",
                "/actuator/health/../raft",
                "/actuator/health/..;a=b/raft",
                "/actuator/health/%2e%2e/raft",
                "/actuator/health/..%2fraft",
                "/actuator/health%2f..%2fraft",
                "/health/../actuator/raft",
                "/readyz/../actuator/raft",
                "/./actuator/raft",
                "/actuator/raft/",
                "/actuator/raft.json"
            })
    void pathsWhenWrittenOtherwiseLeadToNothingWithoutCredentials(String path) {
        assertThat(get(path, null)).doesNotStartWith("HTTP/1.1 2").doesNotContain("\"leader", "\"term");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health",
                "/metrics",
                "/version",
                "/livez",
                "/readyz",
                "/readyz/data_corruption",
                "/actuator/health",
                "/actuator/health/liveness",
                "/actuator/prometheus"
            })
    void healthAndMetricsStayOpen(String path) {
        assertThat(get(path, null)).startsWith("HTTP/1.1 200");
    }

    /** From there, the port listens on all addresses. */
    private static Optional<InetAddress> ownAddress() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress()
                            && !address.isLinkLocalAddress()
                            && address.getAddress().length == 4)
                    .findFirst();
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String getByTls(
            SSLContext context, InetAddress address, String path, @Nullable String authorization) {
        int port = URI.create(open.managementUrl()).getPort();
        try (Socket socket = context.getSocketFactory().createSocket(address, port)) {
            return exchange(socket, path, authorization);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void endpointsWhenOthersReachThePortAskForACertificateAlsoWithoutAuthentication() {
        SSLContext operator = authority.issue("operator").context(authority);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        assertThat(getByTls(authority.anonymous(), loopback, "/actuator/raft", null))
                .startsWith("HTTP/1.1 200");
        InetAddress own = ownAddress().orElse(null);
        Assumptions.assumeTrue(own != null, "this machine has no address but loopback");
        assertThat(getByTls(authority.anonymous(), own, "/actuator/raft", null)).startsWith("HTTP/1.1 401");
        assertThat(getByTls(authority.anonymous(), own, "/actuator/settings", basic(ROOT, "x")))
                .startsWith("HTTP/1.1 401");
        assertThat(getByTls(authority.anonymous(), own, "/actuator/health", null))
                .startsWith("HTTP/1.1 200");
        assertThat(getByTls(operator, own, "/actuator/raft", null)).startsWith("HTTP/1.1 200");
        assertThat(getByTls(operator, own, "/actuator/settings", null)).startsWith("HTTP/1.1 200");
    }
}
