package io.quorate.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.api.port.EdgeFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which pages and which names the HTTP side of the client port serves when it does not serve all. */
class BrowserRulesTests {

    private static final int READ_LIMIT_MILLIS = 20_000;
    private static EdgeFixture edge;

    @BeforeAll
    static void start() {
        edge = EdgeFixture.start(options -> options.withCorsOrigins(Set.of("https://ui.example.org"))
                .withHostWhitelist(Set.of("quorate.example.org")));
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    /** The whole answer; the client of the JDK would choose the host by itself. */
    private static String get(String... headers) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            socket.setSoTimeout(READ_LIMIT_MILLIS);
            String request =
                    "GET /version HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void hostWhenInTheListIsServedWithAnyPort() throws IOException {
        assertThat(get("Host: quorate.example.org")).startsWith("HTTP/1.1 200");
        assertThat(get("Host: quorate.example.org:2379")).startsWith("HTTP/1.1 200");
    }

    @Test
    void hostWhenNotInTheListIsNotServed() throws IOException {
        assertThat(get("Host: elsewhere.example.org:2379"))
                .startsWith("HTTP/1.1 421")
                .contains("host not allowed");
    }

    @Test
    void originWhenInTheListIsAllowed() throws IOException {
        assertThat(get("Host: quorate.example.org", "Origin: https://ui.example.org"))
                .containsIgnoringCase("access-control-allow-origin: https://ui.example.org");
    }

    @Test
    void originWhenNotInTheListIsNotMentioned() throws IOException {
        assertThat(get("Host: quorate.example.org", "Origin: https://elsewhere.example.org"))
                .startsWith("HTTP/1.1 200")
                .doesNotContainIgnoringCase("access-control-allow-origin");
    }
}
