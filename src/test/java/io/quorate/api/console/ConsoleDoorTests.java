package io.quorate.api.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.api.port.EdgeFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is served below {@code /console}, byte for byte. */
class ConsoleDoorTests {

    private static final int READ_LIMIT_MILLIS = 20_000;
    private static final Path FOLDER = Path.of("src/main/resources/io/quorate/api/console/page");

    private static EdgeFixture edge;

    @BeforeAll
    static void start() {
        edge = EdgeFixture.start(options -> options);
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    /** The whole answer; the client of the JDK would change paths by itself. */
    private static String send(String method, String path, String... fields) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            socket.setSoTimeout(READ_LIMIT_MILLIS);
            String request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + Stream.of(fields).map(field -> field + "\r\n").reduce("", String::concat) + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String field(String answer, String name) {
        return Pattern.compile("(?im)^" + name + ": (.*?)\r?$")
                .matcher(answer)
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElse("");
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void doorWhenThereIsNoConsoleOwnsNothing() {
        ConsoleDoor closed = new ConsoleDoor(new ConsoleDoor.Access(false, true));
        ConsoleDoor open = new ConsoleDoor(new ConsoleDoor.Access(true, false));
        for (String path : List.of("/console", "/console/", "/console/app.js")) {
            assertThat(closed.owns(path)).isFalse();
            assertThat(open.owns(path)).isTrue();
        }
        assertThat(open.owns("/consoles")).isFalse();
        assertThat(open.owns("/api/console/")).isFalse();
    }

    @Test
    void folderWhenReadHasTheFilesOfTheListOnly() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(ConsoleFiles.NAMES);
        }
    }

    @Test
    void filesWhenServedAreThoseOfTheFolder() throws IOException {
        for (String name : ConsoleFiles.NAMES) {
            String answer = send("GET", "/console/" + name);
            assertThat(answer).as(name).startsWith("HTTP/1.1 200");
            assertThat(body(answer)).isEqualTo(Files.readString(FOLDER.resolve(name)));
        }
        assertThat(body(send("GET", "/console/"))).isEqualTo(Files.readString(FOLDER.resolve("index.html")));
        assertThat(body(send("GET", "/console/settings.json"))).isEqualTo("{\"writable\":false}");
    }

    @Test
    void answersWhenSentForbidWhatIsFromElsewhere() throws IOException {
        for (String path : List.of("/console/", "/console/app.js", "/console/none", "/console")) {
            String answer = send("GET", path);
            assertThat(field(answer, "content-security-policy"))
                    .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                            + " img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
            assertThat(field(answer, "x-content-type-options")).isEqualTo("nosniff");
            assertThat(field(answer, "referrer-policy")).isEqualTo("no-referrer");
        }
        assertThat(field(send("GET", "/console/"), "content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(field(send("GET", "/console/app.js"), "content-type")).isEqualTo("text/javascript; charset=utf-8");
        assertThat(field(send("GET", "/console/look.css"), "content-type")).isEqualTo("text/css; charset=utf-8");
        assertThat(field(send("GET", "/console/icon.svg"), "content-type")).isEqualTo("image/svg+xml");
    }

    @Test
    void fileWhenTheClientHasItIsNotSentAgain() throws IOException {
        String first = send("GET", "/console/app.js");
        assertThat(field(first, "cache-control")).isEqualTo("no-cache");
        String again = send("GET", "/console/app.js", "If-None-Match: W/\"x\", " + field(first, "etag"));
        assertThat(again).startsWith("HTTP/1.1 304");
        assertThat(body(again)).isEmpty();
        assertThat(send("GET", "/console/app.js", "If-None-Match: \"other\"")).startsWith("HTTP/1.1 200");
    }

    @Test
    void headWhenAskedForIsThatOfTheFile() throws IOException {
        String answer = send("HEAD", "/console/app.js");
        assertThat(answer).startsWith("HTTP/1.1 200");
        assertThat(body(answer)).isEmpty();
        assertThat(field(answer, "content-length")).isEqualTo(String.valueOf(Files.size(FOLDER.resolve("app.js"))));
    }

    @Test
    void pathWhenItLacksItsSlashLeadsToTheOneThatHasIt() throws IOException {
        String answer = send("GET", "/console");
        assertThat(answer).startsWith("HTTP/1.1 308");
        assertThat(field(answer, "location")).isEqualTo("console/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "TRACE"})
    void methodWhenItIsNoReadIsRefused(String method) throws IOException {
        String answer = send(method, "/console/app.js");
        assertThat(answer).startsWith("HTTP/1.1 405");
        assertThat(field(answer, "allow")).isEqualTo("GET, HEAD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../ConsoleDoor.class",
                "..%2FConsoleDoor.class",
                "%2e%2e/ConsoleDoor.class",
                "..\\ConsoleDoor.class",
                "./app.js",
                "/app.js",
                "app.js/",
                "app.js%00",
                "app.js;x",
                "%61pp.js",
                "page/app.js",
                "../../../../../../../etc/passwd",
                "/etc/passwd",
                "C:/windows/win.ini",
                "APP.JS"
            })
    void pathWhenItIsNoNameOfAFileLeadsNowhere(String rest) throws IOException {
        assertThat(send("GET", "/console/" + rest)).matches("(?s)HTTP/1\\.1 40[04] .*");
    }

    /** A file that names one that is not there would be noticed by its visitors only. */
    @Test
    void filesWhenTheyNameOthersNameThoseOfTheList() throws IOException {
        Pattern names = Pattern.compile("(?:from |import\\(|src=|href=)\"(?:\\./)?([a-z]+\\.(?:js|css|svg))\"");
        for (String name : ConsoleFiles.NAMES) {
            assertThat(names.matcher(Files.readString(FOLDER.resolve(name)))
                            .results()
                            .map((MatchResult match) -> match.group(1)))
                    .as(name)
                    .allMatch(ConsoleFiles.NAMES::contains);
        }
    }

    /** The whole of it stays small, and no file is long. */
    @Test
    void filesWhenMeasuredAreSmall() throws IOException {
        long bytes = 0;
        for (String name : ConsoleFiles.NAMES) {
            bytes += Files.size(FOLDER.resolve(name));
            assertThat(Files.readAllLines(FOLDER.resolve(name))).as(name).hasSizeLessThanOrEqualTo(500);
            assertThat(Files.readString(FOLDER.resolve(name)))
                    .as("%s makes no markup of texts", name)
                    .doesNotContain(
                            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "style=\"");
        }
        assertThat(bytes).isLessThan(300 * 1024);
    }
}
