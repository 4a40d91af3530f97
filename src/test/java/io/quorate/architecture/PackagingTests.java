package io.quorate.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.tool.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** What brings the program to its users names flags, ports, files, exit codes and versions that exist. */
class PackagingTests {

    private static final Path COMPOSE = Path.of("compose.yaml");
    private static final Path UNIT = Path.of("package/debian/quorate.service");
    private static final Pattern USED = Pattern.compile("(?m)^\\s*-? *uses: (\\S+)$");
    private static final Pattern PINNED = Pattern.compile("[\\w-]+/[\\w-]+@v\\d+\\.\\d+\\.\\d+");
    private static final Pattern PROGRAM = Pattern.compile("(?<![\\w/])((?:\\.ci|bin)/[a-z0-9-]+)");

    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file));
    }

    private static Map<?, ?> yaml(Path file) throws IOException {
        return new Yaml().load(Files.readString(file));
    }

    private static Set<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String first(String pattern, String text) {
        return found(pattern, text).stream().findFirst().orElseThrow();
    }

    private static Map<String, Map<?, ?>> services() throws IOException {
        Map<String, Map<?, ?>> services = new TreeMap<>();
        ((Map<?, ?>) Objects.requireNonNull(yaml(COMPOSE).get("services")))
                .forEach((name, service) -> services.put((String) name, (Map<?, ?>) service));
        return services;
    }

    private static List<String> texts(Map<?, ?> service, String name) {
        return ((Collection<?>) Objects.requireNonNull(service.get(name), name))
                .stream().map(String::valueOf).toList();
    }

    private static String flag(Map<?, ?> service, String name) {
        return texts(service, "command").stream()
                .filter(word -> word.startsWith("--" + name + "="))
                .map(word -> word.substring(name.length() + 3))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void composeWhenReadHasThreeMembersThatKnowEachOther() throws IOException {
        Map<String, Map<?, ?>> services = services();
        String members = services.keySet().stream()
                .map(name -> name + "=http://" + name + ":2380")
                .collect(Collectors.joining(","));
        assertThat(services).hasSize(3);
        services.forEach((name, service) -> {
            assertThat(flag(service, "name")).isEqualTo(name);
            assertThat(flag(service, "initial-cluster")).isEqualTo(members);
            assertThat(flag(service, "initial-advertise-peer-urls")).isEqualTo("http://" + name + ":2380");
            assertThat(flag(service, "advertise-client-urls")).isEqualTo("http://" + name + ":2379");
            assertThat(texts(service, "volumes")).containsExactly(name + ":/var/lib/quorate");
        });
        assertThat(((Map<?, ?>) Objects.requireNonNull(yaml(COMPOSE).get("volumes"))).keySet())
                .isEqualTo(services.keySet());
    }

    @Test
    void composeWhenReadNamesFlagsPortsAndFilesOfTheImage() throws IOException {
        String image = read("Dockerfile");
        Set<String> flags = found("(?m)^  --([a-z0-9-]+)", read("bin/help.txt"));
        Set<String> exposed = found("(\\d{4})", first("(?m)^EXPOSE (.*)$", image));
        assertThat(image).contains("VOLUME /var/lib/quorate", "\"-jar\", \"/app/quorate.jar\"");
        for (Map<?, ?> service : services().values()) {
            assertThat(service.get("image"))
                    .isEqualTo("quorate:" + first("Quorate Version: (\\S+)", read("bin/version.txt")));
            assertThat(texts(service, "command"))
                    .allSatisfy(word -> assertThat(flags).contains(word.replaceFirst("^--([a-z-]+)=.*", "$1")));
            Set<String> listening = Stream.of("listen-client-urls", "listen-peer-urls", "listen-metrics-urls")
                    .map(name -> first(":(\\d{4})$", flag(service, name)))
                    .collect(Collectors.toSet());
            assertThat(listening).isEqualTo(exposed);
            assertThat(texts(service, "ports"))
                    .allMatch(port -> port.matches("127\\.0\\.0\\.1:[123](\\d{4}):\\1"))
                    .allMatch(port -> listening.contains(port.substring(port.length() - 4)));
        }
    }

    @Test
    void healthCheckWhenReadIsACommandOfTheProgram() throws IOException {
        Map<?, ?> service = services().get("m1");
        List<String> words = texts((Map<?, ?>) Objects.requireNonNull(service.get("healthcheck")), "test");
        int jar = words.indexOf("/app/quorate.jar");
        List<String> command = words.subList(jar + 1, words.size());
        assertThat(words.subList(0, 2)).containsExactly("CMD", "java");
        assertThat(command).startsWith("check", "--read-only");
        List<String> asked = new ArrayList<>(command);
        asked.add("--help");
        assertThat(Tool.namedBy(asked.toArray(String[]::new)).orElseThrow().run(asked))
                .isZero();
    }

    @Test
    void readmeWhenItNamesTheAddressesOfThreeMembersNamesThoseOfCompose() throws IOException {
        String ports = services().values().stream()
                .map(service -> texts(service, "ports").getFirst())
                .map(port -> port.split(":")[1])
                .collect(Collectors.joining(",127.0.0.1:", "127.0.0.1:", ""));
        assertThat(read("README.md")).contains("export ETCDCTL_ENDPOINTS=" + ports);
    }

    /** A figure is written where it was measured, and in the README. */
    @Test
    void readmeWhenItNamesFiguresNamesThoseOfTheBenchmarks() throws IOException {
        String benchmarks = read("docs/benchmarks.md").split("## One member")[1];
        List<String> rows = read("README.md")
                .lines()
                .filter(line -> line.matches("\\| .* \\| [\\d.,]+( ms)? \\| [\\d.,]+( ms)? \\|"))
                .toList();
        List<String> scenarios = List.of(
                "put-256B-x256",
                "get-x256",
                "range-10000keys-x4",
                "keepalive-x256",
                "put-256B-x1",
                "watch-100watchers-x8");
        assertThat(rows).hasSameSizeAs(scenarios);
        for (int i = 0; i < rows.size(); i++) {
            String measured = first(
                    "(?m)^(\\| " + scenarios.get(i) + " \\|.*)$", benchmarks.split("## ")[0]);
            String[] cells = rows.get(i).replaceAll(",(?=\\d)| ms", "").split(" *\\| *");
            assertThat(measured)
                    .containsPattern(
                            rows.get(i).contains(" ms")
                                    ? "\\| " + cells[2] + " / " + cells[3] + " \\|"
                                    : "\\| " + cells[2] + " \\(.*\\| " + cells[3] + " \\(");
        }
    }

    /** Those after which a member may be started again, and those that need an operator: README.md, "Settings". */
    @Test
    void unitWhenReadKnowsTheExitCodes() throws IOException {
        String unit = Files.readString(UNIT);
        Set<String> codes = found("(?m)^\\| (\\d+)(?:, \\d+)? \\|", read("README.md"));
        List<String> operators =
                List.of(first("(?m)^RestartPreventExitStatus=(.*)$", unit).split(" "));
        assertThat(codes).containsAll(operators);
        assertThat(read("docs/operations.md").replaceAll("\\s+", " "))
                .contains(String.join(", ", operators).replaceFirst(", (\\d)$", " and $1") + " need an operator");
        assertThat(unit).contains("SuccessExitStatus=143", "ExecStart=/usr/bin/quorate\n");
        assertThat(yaml(Path.of("package/debian/application.yml")).toString())
                .contains("data-dir=/var/lib/" + first("(?m)^StateDirectory=(.*)$", unit) + "/");
    }

    @ParameterizedTest
    @ValueSource(strings = {".github/workflows/ci.yml", ".github/workflows/release.yml"})
    void workflowWhenReadPinsWhatItUsesAndRunsWhatExists(String file) throws IOException {
        String text = read(file);
        assertThat(yaml(Path.of(file)).keySet().stream().map(String::valueOf)).contains("name", "jobs", "permissions");
        assertThat(USED.matcher(text).results().map(match -> match.group(1)))
                .isNotEmpty()
                .allMatch(action -> PINNED.matcher(action).matches());
        assertThat(PROGRAM.matcher(text).results().map(MatchResult::group).filter(name -> !name.endsWith("version")))
                .isNotEmpty()
                .allSatisfy(program -> assertThat(Path.of(program)).isExecutable());
        assertThat(text).doesNotContain("secrets.");
    }
}
