package io.quorate.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.HttpReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The dashboard of the chart is one that Grafana loads, and each of its panels asks for what members measure. */
class DashboardTests {

    private static final int GRID_WIDTH = 24;

    /** What a query begins with, a metric and the labels it must have. */
    private static final Pattern SELECTOR = Pattern.compile("(\\w+)\\{([^}]*)}");

    private static final String THIS_CLUSTER = "namespace=\"$namespace\",service=\"$service\"";

    /** Prometheus' own, and those that every process has: not in our list of metrics. */
    private static final Set<String> COMMON =
            Set.of("up", "jvm_memory_used_bytes", "process_cpu_seconds_total", "process_resident_memory_bytes");

    private static JsonNode dashboard() throws IOException {
        return HttpReply.parse(Files.readString(Path.of("helm/quorate/files/dashboard.json")));
    }

    private static Stream<JsonNode> panels(String... types) throws IOException {
        return dashboard()
                .get("panels")
                .valueStream()
                .filter(panel -> Set.of(types).contains(panel.get("type").asString()));
    }

    private static Stream<JsonNode> graphs() throws IOException {
        return panels("stat", "timeseries");
    }

    @Test
    void dashboardWhenReadHasTheFormatOfGrafana() throws IOException {
        JsonNode dashboard = dashboard();
        // From 36 on data sources are named by type and uid, as here
        assertThat(dashboard.get("schemaVersion").asInt()).isBetween(36, 42);
        assertThat(dashboard.get("uid").asString()).matches("[a-zA-Z0-9_-]{1,40}");
        assertThat(dashboard
                        .get("templating")
                        .get("list")
                        .valueStream()
                        .map(each -> each.get("name").asString()))
                .containsExactly("datasource", "namespace", "service");
        assertThat(panels("row", "stat", "timeseries"))
                .as("panels of a known type")
                .hasSize(dashboard.get("panels").size())
                .allSatisfy(panel -> assertThat(panel.get("title").asString()).isNotBlank());
    }

    @Test
    void panelsWhenComparedHaveIdsAndPlacesOfTheirOwn() throws IOException {
        List<JsonNode> panels = panels("row", "stat", "timeseries").toList();
        assertThat(panels.stream().map(panel -> panel.get("id").asInt()))
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).isPositive());
        assertThat(panels.stream().flatMapToInt(DashboardTests::cells).boxed()).doesNotHaveDuplicates();
    }

    /** The cells of the grid that a panel covers, as numbers. */
    private static IntStream cells(JsonNode panel) {
        JsonNode place = panel.get("gridPos");
        int left = place.get("x").asInt();
        int right = left + place.get("w").asInt();
        assertThat(right).as("%s ends within the grid", panel.get("title")).isLessThanOrEqualTo(GRID_WIDTH);
        return IntStream.range(0, place.get("h").asInt())
                .map(row -> row + place.get("y").asInt())
                .flatMap(row -> IntStream.range(left, right).map(column -> row * GRID_WIDTH + column));
    }

    @Test
    void graphsWhenReadHaveAUnitADataSourceAndQueries() throws IOException {
        assertThat(graphs()).isNotEmpty().allSatisfy(graph -> {
            assertThat(graph.get("datasource").get("uid").asString()).isEqualTo("${datasource}");
            assertThat(graph.get("fieldConfig").get("defaults").get("unit").asString())
                    .isNotBlank();
            assertThat(graph.get("targets")
                            .valueStream()
                            .map(target -> target.get("refId").asString()))
                    .isNotEmpty()
                    .doesNotHaveDuplicates();
        });
    }

    @Test
    void queriesWhenReadAskForWhatMembersOfThisClusterMeasure() throws IOException {
        Set<String> known = new TreeSet<>(ChartTests.documentedMetrics());
        known.addAll(COMMON);
        assertThat(graphs().flatMap(graph -> graph.get("targets").valueStream())
                        .map(target -> target.get("expr").asString()))
                .allSatisfy(query -> assertThat(SELECTOR.matcher(query).results())
                        .isNotEmpty()
                        .allSatisfy(selector -> {
                            assertThat(selector.group(1).replaceFirst("_bucket$", ""))
                                    .isIn(known);
                            assertThat(selector.group(2)).startsWith(THIS_CLUSTER);
                        }));
    }
}
