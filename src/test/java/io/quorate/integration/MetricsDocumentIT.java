package io.quorate.integration;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.fixture.GeneratedDocument;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/metrics.md} is made from what a member of a cluster answers. */
class MetricsDocumentIT {

    private static final String INTRODUCTION = """
            # Metrics

            What `/metrics` on the client port and on the port for operators, and `/actuator/prometheus`, answer in the format of
            Prometheus. Made from a running member; a test fails when it is out of date. Names, types and labels that begin with
            `etcd_` or `grpc_` are those of etcd, so its dashboards and alerts work; `quorate_` are ours. Beside these there are those
            that every client of Prometheus has, `process_*`, and those of Spring Boot about the JVM, `jvm_*`, and, with
            `management.observations.enable.http.server.requests=true`, about requests of the REST API and of the port for operators by
            path, `http_server_requests_*`.

            | Name | Type | Labels | Meaning |
            |---|---|---|---|
            """;

    private static final Pattern HELP = Pattern.compile("# HELP (\\S+) (.*)");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (.*)");
    private static final Pattern LABEL = Pattern.compile("[{,](\\w+)=\"");
    private static final Pattern OWN = Pattern.compile("(etcd|grpc|quorate|os)_.*");

    /** With what some metrics are there for alone; nothing is fetched before a token comes. */
    private static final Map<String, String> SETTINGS = Map.of(
            "metrics", "extensive",
            "tracing.enabled", "true",
            "auth.jwt.issuer", "https://issuer.test",
            "auth.jwt.audience", "quorate",
            "auth.jwt.jwks", "https://127.0.0.1:1/keys");

    private static final String BACKED_UP = "quorate_backup_last_success_timestamp_seconds{kind=\"full\"}";
    private static final String ONLY_OF_THE_ONE_THAT_BACKS_UP = "quorate_backup_failed{";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path backups;

    @Test
    void documentWhenComparedWithAMemberIsUpToDate() throws IOException, InterruptedException {
        Map<String, String> settings = new TreeMap<>(SETTINGS);
        settings.put("backup.to", backups.toUri().toString());
        try (TestCluster cluster = new TestCluster(3, settings)) {
            assumeTrue(cluster.members().getFirst().isQuorate(), "etcd has its own document");
            cluster.start();
            TestMember leader = cluster.leader();
            cluster.grpc(leader).put("a", "1");
            cluster.grpc(leader)
                    .maintenance()
                    .alarm(AlarmRequest.newBuilder()
                            .setAction(AlarmRequest.AlarmAction.ACTIVATE)
                            .setAlarm(AlarmType.NOSPACE)
                            .build());
            String page = await("a backup, which some metrics are about")
                    .atMost(PATIENCE)
                    .until(() -> pageOfTheOneThatBacksUp(cluster), found -> !found.isEmpty());
            new GeneratedDocument(Path.of("docs/metrics.md")).check(INTRODUCTION + table(page));
        }
    }

    /** Empty if there is none, or has been no backup. That member has metrics that others have not, and may be another after an election. */
    private static String pageOfTheOneThatBacksUp(TestCluster cluster) throws IOException, InterruptedException {
        for (TestMember member : cluster.members()) {
            String page = page(member);
            if (page.contains(BACKED_UP) && page.contains(ONLY_OF_THE_ONE_THAT_BACKS_UP)) {
                return page;
            }
        }
        return "";
    }

    private static String page(TestMember member) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(member.clientUrl() + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static String table(String page) {
        Map<String, String> help = all(HELP, page);
        Map<String, String> types = all(TYPE, page);
        return types.entrySet().stream()
                .filter(metric -> OWN.matcher(metric.getKey()).matches())
                .map(metric -> "| `%s` | %s | %s | %s |\n"
                        .formatted(
                                metric.getKey(),
                                metric.getValue(),
                                labels(metric.getKey(), page),
                                help.getOrDefault(metric.getKey(), "")))
                .collect(Collectors.joining());
    }

    private static Map<String, String> all(Pattern pattern, String page) {
        Map<String, String> found = new TreeMap<>();
        page.lines()
                .map(pattern::matcher)
                .filter(Matcher::matches)
                .forEach(line -> found.put(line.group(1), line.group(2)));
        return found;
    }

    private static String labels(String metric, String page) {
        Pattern sample = Pattern.compile(Pattern.quote(metric) + "(_bucket|_sum|_count)?\\{.*");
        TreeSet<String> labels = new TreeSet<>();
        page.lines()
                .filter(line -> sample.matcher(line).matches())
                .forEach(line -> LABEL.matcher(line).results().forEach(label -> labels.add(label.group(1))));
        labels.remove("le");
        return String.join(", ", labels);
    }
}
