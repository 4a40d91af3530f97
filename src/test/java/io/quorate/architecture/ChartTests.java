package io.quorate.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.config.SettingNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.json.JsonParserFactory;

/** The chart against the rest of the project: alerts have runbooks, and what is queried is measured. */
class ChartTests {

    private static final Path CHART = Path.of("helm/quorate");
    private static final Path ALERTS = CHART.resolve("templates/prometheusrule.yaml");
    private static final Pattern METRIC = Pattern.compile("\\b((?:etcd|grpc|quorate|os)_[a-z_]+)");
    private static final Set<String> LABELS = Set.of("grpc_code", "grpc_method", "grpc_service", "grpc_type");

    private static Set<String> found(String pattern, Path file) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The metrics of {@code docs/metrics.md}, which is made from a running member. */
    static Set<String> documentedMetrics() throws IOException {
        return found("\\| `(\\w+)` \\|", Path.of("docs/metrics.md"));
    }

    @Test
    void alertsWhenReadHaveARunbookEachAndTheOtherWayRound() throws IOException {
        Set<String> alerts = found("alert: (\\w+)", ALERTS);
        assertThat(alerts).isEqualTo(found("(?m)^## (\\w+)$", Path.of("docs/runbooks.md")));
        assertThat(alerts.stream().map(String::toLowerCase))
                .containsExactlyInAnyOrderElementsOf(found("\\$runbook }}#(\\w+)", ALERTS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"templates/prometheusrule.yaml", "files/dashboard.json"})
    void queriesWhenTheyNameMetricsNameMetricsThatExist(String file) throws IOException {
        assertThat(METRIC.matcher(Files.readString(CHART.resolve(file)))
                        .results()
                        .map(MatchResult::group)
                        .map(name -> name.replaceFirst("_bucket$", ""))
                        .filter(name -> !LABELS.contains(name)))
                .isNotEmpty()
                .isSubsetOf(documentedMetrics());
    }

    /** What the chart sets by itself is refused by its templates. */
    @Test
    void schemaWhenReadKnowsEverySettingAndNoOther() throws IOException {
        Map<?, ?> schema =
                JsonParserFactory.getJsonParser().parseMap(Files.readString(CHART.resolve("values.schema.json")));
        Map<?, ?> settings = inner(schema, "properties", "config", "properties", "quorate", "properties");
        Set<String> known = new TreeSet<>();
        collect("quorate.", settings, known);
        assertThat(known).isEqualTo(SettingNames.all());
    }

    /** Groups of settings are objects with properties of their own. */
    private static void collect(String prefix, Map<?, ?> settings, Set<String> known) {
        settings.forEach((name, schema) -> {
            if (((Map<?, ?>) schema).get("properties") instanceof Map<?, ?> group) {
                collect(prefix + name + ".", group, known);
            } else {
                known.add(prefix + name);
            }
        });
    }

    private static Map<?, ?> inner(Map<?, ?> outer, String... names) {
        Map<?, ?> found = outer;
        for (String name : names) {
            found = (Map<?, ?>) Objects.requireNonNull(found.get(name), name);
        }
        return found;
    }

    @Test
    void versionsWhenComparedWithTheBuildAreThoseOfIt() throws IOException {
        List<String> project = List.copyOf(found("<version>([^<]+)</version>\\s*<name>Quorate", Path.of("pom.xml")));
        assertThat(found("(?m)^appVersion: (\\S+)$", CHART.resolve("Chart.yaml")))
                .containsExactlyElementsOf(project);
        assertThat(found("ARG VERSION=(\\S+)", Path.of("Dockerfile"))).containsExactlyElementsOf(project);
    }
}
