package io.quorate.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpKeySourceTests {

    private record Answer(int status, String body) {}

    @TempDir
    private Path directory;

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, String> authorizations = new ConcurrentHashMap<>();
    private HttpServer server;
    private String base;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            authorizations.put(path, authorization == null ? "" : authorization);
            Answer answer = answers.getOrDefault(path, new Answer(404, ""));
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Location", "/keys");
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        base = "http://127.0.0.1:" + server.getAddress().getPort();
        answers.put("/keys", new Answer(200, "the keys"));
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private String fetch(String issuer, String keys, @Nullable Path bearer) throws IOException, InterruptedException {
        return new HttpKeySource(new HttpKeySource.Place(issuer, keys, bearer), HttpKeySourceTests::platform).fetch();
    }

    private static SSLContext platform() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private void describe(String issuer, String keys) {
        answers.put(
                "/realm/.well-known/openid-configuration",
                new Answer(200, "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + keys + "\"}"));
    }

    @Test
    void fetchWhenTheUrlIsKnownGetsTheKeys() throws Exception {
        assertThat(fetch("anybody", base + "/keys", null)).isEqualTo("the keys");
        assertThat(authorizations).containsEntry("/keys", "");
    }

    @Test
    void fetchWhenTheUrlIsNotKnownAsksTheIssuer() throws Exception {
        describe(base + "/realm", base + "/keys");
        assertThat(fetch(base + "/realm", "", null)).isEqualTo("the keys");
        describe(base + "/realm/", base + "/keys");
        assertThat(fetch(base + "/realm/", "", null)).isEqualTo("the keys");
    }

    @Test
    void fetchWhenATokenIsNeededShowsTheOneThatIsInTheFileNow() throws Exception {
        Path bearer = Files.writeString(directory.resolve("token"), "first\n");
        HttpKeySource source =
                new HttpKeySource(new HttpKeySource.Place("x", base + "/keys", bearer), HttpKeySourceTests::platform);
        source.fetch();
        assertThat(authorizations).containsEntry("/keys", "Bearer first");
        Files.writeString(bearer, "second");
        source.fetch();
        assertThat(authorizations).containsEntry("/keys", "Bearer second");
    }

    @Test
    void fetchWhenTheDescriptionIsOfAnotherIssuerRefusesIt() {
        describe("https://somebody.example", base + "/keys");
        assertThatThrownBy(() -> fetch(base + "/realm", "", null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("describes another issuer than " + base + "/realm");
    }

    @Test
    void fetchWhenTheDescriptionLeadsToClearTextRefusesIt() {
        describe(base + "/realm", "http://keys.example/keys");
        assertThatThrownBy(() -> fetch(base + "/realm", "", null)).hasMessageContaining("names no jwks_uri with https");
        answers.put("/realm/.well-known/openid-configuration", new Answer(200, "<html>"));
        assertThatThrownBy(() -> fetch(base + "/realm", "", null)).hasMessageContaining("is not JSON");
    }

    @Test
    void fetchWhenTheAnswerIsNoneSaysWhy() {
        assertThatThrownBy(() -> fetch("x", base + "/nothing", null))
                .hasMessage(base + "/nothing answered with status 404");
        answers.put("/moved", new Answer(302, ""));
        assertThatThrownBy(() -> fetch("x", base + "/moved", null))
                .hasMessage(base + "/moved answered with status 302");
        answers.put("/huge", new Answer(200, "x".repeat((1 << 20) + 1)));
        assertThatThrownBy(() -> fetch("x", base + "/huge", null))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(base + "/huge gave no whole answer: ");
        server.stop(0);
        assertThatThrownBy(() -> fetch("x", base + "/keys", null))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(base + "/keys cannot be reached: ");
    }
}
