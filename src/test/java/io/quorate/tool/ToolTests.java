package io.quorate.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.quorate.base.Fault;
import io.quorate.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** How the commands are called, and what they say to whoever calls them wrongly. */
@ExtendWith(OutputCaptureExtension.class)
class ToolTests {

    private @TempDir Path directory;

    private static int run(String... arguments) {
        return Tool.namedBy(arguments).orElseThrow().run(List.of(arguments));
    }

    private static String lastLine(String text) {
        return text.strip().lines().reduce("", (before, line) -> line);
    }

    @ParameterizedTest
    @CsvSource({
        "http://nowhere.invalid:1, its name cannot be resolved",
        "http://127.0.0.1:1, the connection was refused",
        "127.0.0.1:1, the connection was refused"
    })
    void checkWhenNobodyAnswersEndsWithTheReason(String endpoint, String reason, CapturedOutput output) {
        assertThat(run("check", "--endpoints", endpoint, "--timeout=1ms")).isEqualTo(1);
        assertThat(lastLine(output.getErr()))
                .startsWith("check: Gave up waiting for an answer after 1ms: http://")
                .endsWith(reason);
    }

    @Test
    void rehearseWhenNobodyAnswersSaysSo(CapturedOutput output) {
        assertThat(run("rehearse", "--endpoints=http://127.0.0.1:1", "--rounds=1"))
                .isEqualTo(1);
        assertThat(lastLine(output.getErr())).startsWith("rehearse: http://127.0.0.1:1: UNAVAILABLE");
    }

    @Test
    void checkWhenNoTimeoutIsGivenTriesForSecondsAndJoinForMinutes() {
        assertThat(Options.parse(List.of(), Tool.CHECK.command()).timeout()).hasSeconds(5);
        assertThat(Options.parse(List.of(), Tool.JOIN.command()).timeout()).hasMinutes(5);
        assertThat(Options.parse(List.of("--timeout", "7s"), Tool.JOIN.command())
                        .timeout())
                .hasSeconds(7);
    }

    private static HttpServer answering(int status, String content) throws IOException {
        HttpServer page = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        page.createContext("/", exchange -> {
            byte[] text = content.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        page.start();
        return page;
    }

    @Test
    void followWhenTheEndpointIsNoQuorateEndsAtOnce(CapturedOutput output) throws IOException {
        for (String content : List.of("{\"code\":5,\"message\":\"Not Found\"}", "404 page not found")) {
            HttpServer etcd = answering(404, content);
            try {
                String endpoint = "127.0.0.1:" + etcd.getAddress().getPort();
                assertThat(run("migrate", "--follow", "--from=127.0.0.1:1", "--endpoints=" + endpoint))
                        .isEqualTo(1);
                assertThat(lastLine(output.getErr()))
                        .startsWith("migrate: What answers at --endpoints (http://" + endpoint)
                        .endsWith("is no Quorate");
            } finally {
                etcd.stop(0);
            }
        }
    }

    @Test
    void checkWhenAuthenticationIsOnNamesTheOptions(CapturedOutput output) throws IOException {
        HttpServer member = answering(400, "{\"code\":3,\"message\":\"etcdserver: user name is empty\"}");
        try {
            String endpoint = "127.0.0.1:" + member.getAddress().getPort();
            assertThat(run("check", "--endpoints=" + endpoint, "--timeout=1ms")).isEqualTo(1);
            assertThat(lastLine(output.getErr()))
                    .endsWith("user name is empty (authentication is on: name a user by --user and --password-file)");
        } finally {
            member.stop(0);
        }
    }

    @Test
    void runWhenTheDiskFailsSaysItInOneLine(CapturedOutput output) {
        Command command = Command.offline("test", "Fails.", List.of());
        List<RuntimeException> failures = List.of(
                new StorageException("The database in '/a' is full.", null),
                new Fault("cannot write '/a'"),
                new UncheckedIOException(new NoSuchFileException("/a")));
        for (RuntimeException failure : failures) {
            int before = output.getErr().length();
            assertThat(command.run(List.of(), options -> {
                        throw failure;
                    }))
                    .isEqualTo(1);
            assertThat(output.getErr().substring(before))
                    .startsWith("test: ")
                    .contains("/a")
                    .doesNotContain("Exception")
                    .hasLineCount(1);
        }
    }

    @Test
    void checkWhenSomethingElseAnswersSaysSo(CapturedOutput output) throws IOException {
        HttpServer page = answering(404, "<html>");
        try {
            String endpoint = "127.0.0.1:" + page.getAddress().getPort();
            assertThat(run("check", "--endpoints=" + endpoint, "--timeout=1ms")).isEqualTo(1);
            assertThat(output.getErr()).contains("is it a client URL of a member");
        } finally {
            page.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    join;        These options are missing: --endpoints, --name, --peer-url, --founders, --settings, --data-dir or --wal-dir.
                    retire;      These options are missing: --endpoints, --set, --size.
                    move-leader; The option --endpoints is missing.
                    check;       The option --endpoints or --data-dir or --wal-dir is missing.
                    """)
    void runWhenOptionsAreMissingNamesAll(String command, String message, CapturedOutput output) {
        assertThat(run(command)).isEqualTo(1);
        assertThat(lastLine(output.getErr())).isEqualTo(command + ": " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"join", "retire", "move-leader", "auth-init", "check"})
    void helpWhenAskedForListsEachOptionOfTheCommand(String name, CapturedOutput output) throws IOException {
        assertThat(run(name, "--help")).isZero();
        Tool tool = Tool.namedBy(name).orElseThrow();
        assertThat(output.getOut()).contains("Usage: quorate " + name + " [options]", "--endpoints=", "--timeout=");
        assertThat(tool.command().options())
                .allSatisfy(option -> assertThat(output.getOut()).contains("  --" + option.name() + "="));
        assertThat(Files.readString(Path.of("bin/help.txt"))).contains("  quorate " + name + " ");
    }

    @ParameterizedTest
    @EnumSource
    void helpWhenAskedForListsEachCommand(Tool tool) throws IOException {
        assertThat(Files.readString(Path.of("bin/help.txt")))
                .contains("  quorate " + tool.command().name() + " ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    --bogus=1|         There is no option '--bogus=1'; 'quorate check --help' lists those that there are.
                    name=1|            There is no option 'name=1'; 'quorate check --help' lists those that there are.
                    --name|            The option --name has no value.
                    --timeout=soon|    --timeout=soon is not a time like 500ms, 5s or 2m.
                    --endpoints=ftp:x| The endpoint 'ftp:x' is not written like http://host:2379.
                    """)
    void runWhenAnOptionIsBadSaysWhatIsWrong(String option, String message, CapturedOutput output) {
        assertThat(run("check", "--endpoints=127.0.0.1:1", option)).isEqualTo(1);
        assertThat(lastLine(output.getErr())).isEqualTo("check: " + message);
    }

    @Test
    void optionWhenOnOrOffTakesNoValueBehindASpaceAndSaysSo(CapturedOutput output) {
        assertThat(run("join", "--replace-lost", "true")).isEqualTo(1);
        assertThat(lastLine(output.getErr()))
                .isEqualTo("join: There is no option 'true'; 'quorate join --help' lists those that there are. "
                        + Option.ON_OFF_RULE);
        assertThat(run("join", "--replace-lost=yes")).isEqualTo(1);
        assertThat(lastLine(output.getErr())).isEqualTo("join: --replace-lost=yes is neither true nor false.");
        assertThat(run("join", "--help")).isZero();
        assertThat(output.getOut()).contains(Option.ON_OFF_RULE);
        assertThat(Options.parse(List.of("--replace-lost"), Tool.JOIN.command()).isOn("replace-lost"))
                .isTrue();
        assertThat(Options.parse(List.of("--replace-lost=0"), Tool.JOIN.command())
                        .isOn("replace-lost"))
                .isFalse();
        assertThat(run("snapshot", "check", "--skip-hash-check", "true", "backup.db"))
                .isEqualTo(128);
        assertThat(lastLine(output.getErr()))
                .isEqualTo("Error: There are two files, 'true' and 'backup.db'. " + Option.ON_OFF_RULE);
        assertThat(run("snapshot", "check", "one.db", "other.db")).isEqualTo(128);
        assertThat(lastLine(output.getErr())).isEqualTo("Error: There are two files, 'one.db' and 'other.db'.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    snapshot status|                      128 | Error: The option --file is missing.
                    snapshot status none.db --bogus|      128 | Error: There is no option '--bogus'
                    snapshot status none.db -w bogus|     4   | Error: unsupported output format: --write-out=bogus is none of
                    hashkv none.db -w protobuf|           4   | Error: protobuf not supported as output format
                    snapshot verify --from=file:///none -w csv| 4 | Error: unsupported output format
                    snapshot status none.db|              1   | Error:
                    """)
    void snapshotCommandsEndWithTheNumbersOfEtcdsTools(
            String arguments, int code, String message, CapturedOutput output) {
        assertThat(run(arguments.split(" "))).isEqualTo(code);
        assertThat(lastLine(output.getErr())).startsWith(message);
    }

    @Test
    void restoreWithoutADirectoryNamesItAfterTheMember(CapturedOutput output) {
        assertThat(run("snapshot", "restore", "none.db", "--if-empty", "--name=stranger"))
                .isZero();
        assertThat(lastLine(output.getOut()))
                .isEqualTo("stranger.etcd is left as it is: initial-cluster does not name stranger");
    }

    @Test
    void passwordWhenGivenTwiceIsRefusedAndOtherwiseFound() throws IOException {
        String file = Files.writeString(directory.resolve("password"), "in the file\n")
                .toString();
        Options none = Options.parse(List.of("--user=alice"), Tool.CHECK.command());
        assertThat(none.hasPassword()).isFalse();
        assertThat(none.user()).isEqualTo("alice");
        Options behind = Options.parse(List.of("--user=alice:with:colon"), Tool.CHECK.command());
        assertThat(behind.user()).isEqualTo("alice");
        assertThat(behind.password()).isEqualTo("with:colon");
        Options beside = Options.parse(List.of("--user=a:b", "--password=c"), Tool.CHECK.command());
        assertThat(beside.user()).isEqualTo("a:b");
        assertThat(beside.password()).isEqualTo("c");
        Options inFile = Options.parse(List.of("--password-file=" + file), Tool.CHECK.command());
        assertThat(inFile.user()).isEqualTo("root");
        assertThat(inFile.password()).isEqualTo("in the file");
        for (String other : List.of("--user=alice:secret", "--password=secret")) {
            Options two = Options.parse(List.of("--password-file=" + file, other), Tool.CHECK.command());
            assertThatThrownBy(two::password).hasMessageContaining("There are two passwords");
        }
    }

    @Test
    void retireWhenTheSizeIsNoNumberSaysSo(CapturedOutput output) {
        assertThat(run("retire", "--endpoints=127.0.0.1:1", "--set=m", "--size=few"))
                .isEqualTo(1);
        assertThat(lastLine(output.getErr())).isEqualTo("retire: --size=few is not a number.");
    }

    @Test
    void checkWhenTheDirectoryIsNotThereSaysSo(CapturedOutput output) {
        Path missing = directory.resolve("missing");
        assertThat(run("check", "--data-dir=" + missing)).isEqualTo(1);
        assertThat(lastLine(output.getErr())).isEqualTo("check: The directory " + missing + " does not exist.");

        assertThat(run("check", "--data-dir=" + directory)).isEqualTo(1);
        assertThat(lastLine(output.getErr()))
                .isEqualTo("check: The directory " + directory.resolve("member/wal") + " does not exist.");
    }

    @Test
    void migrateWhenFollowingHasHelpAndOptionsOfItsOwn(CapturedOutput output) throws IOException {
        assertThat(run("migrate", "--follow", "--help")).isZero();
        assertThat(FollowCommand.COMMAND.options())
                .allSatisfy(option -> assertThat(output.getOut()).contains("  --" + option.name() + "="));
        assertThat(run("migrate", "--help")).isZero();
        assertThat(output.getOut())
                .contains("Usage: quorate migrate [options]", "see 'quorate migrate --follow --help'");
        assertThat(Files.readString(Path.of("bin/help.txt"))).contains("  quorate migrate ");

        assertThat(run("migrate", "--follow")).isEqualTo(1);
        assertThat(lastLine(output.getErr())).isEqualTo("migrate: These options are missing: --endpoints, --from.");
        assertThat(run("migrate", "--finish", "--from=127.0.0.1:1", "--endpoints=127.0.0.1:1", "--timeout=1ms"))
                .isEqualTo(1);
        assertThat(lastLine(output.getErr()))
                .startsWith("migrate: Gave up after 1ms without success: ")
                .endsWith("the connection was refused");
    }
}
