package io.quorate.integration;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.quorate.fixture.HttpReply;
import io.quorate.fixture.TestMember;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A member that exports spans, and a collector that takes them, or does not. */
class TracingIT {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e47";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int TERMINATED = 143;

    private final List<JsonNode> spans = new CopyOnWriteArrayList<>();
    private final List<JsonNode> resources = new CopyOnWriteArrayList<>();
    private final AtomicInteger status = new AtomicInteger(200);
    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer collector;

    @BeforeEach
    void listen() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            requests.incrementAndGet();
            JsonNode request =
                    HttpReply.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (status.get() == 0) {
                return; // no answer at all
            }
            if (status.get() == 200) {
                resources.add(request.at("/resourceSpans/0/resource"));
                request.at("/resourceSpans/0/scopeSpans/0/spans").forEach(spans::add);
            }
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    private TestMember member() {
        TestMember member = TestMember.create(Map.of(
                "tracing.enabled", "true",
                "tracing.to", "http://127.0.0.1:" + collector.getAddress().getPort(),
                "tracing.instance-id", "one"));
        return member.start();
    }

    private static int send(TestMember member, String method, String path, String body, int trace) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(member.clientUrl() + path))
                    .header("traceparent", "00-%s%02d-%s-01".formatted(TRACE, trace, PARENT))
                    .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                    .build();
            return client.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    private static String page(TestMember member) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(member.clientUrl() + "/metrics"))
                    .build();
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }

    private Map<String, JsonNode> trace(int number) {
        Map<String, JsonNode> named = new HashMap<>();
        for (JsonNode span : spans) {
            if (span.path("traceId").asString().equals("%s%02d".formatted(TRACE, number))) {
                named.put(span.path("name").asString(), span);
            }
        }
        return named;
    }

    private void assertSpans(int number, String method, String... steps) {
        Awaitility.await().atMost(PATIENCE).until(() -> !trace(number).isEmpty());
        Map<String, JsonNode> found = trace(number);
        assertThat(found.keySet()).contains(method).contains(steps);
        JsonNode server = present(found.get(method));
        assertThat(server.path("parentSpanId").asString()).isEqualTo(PARENT);
        long begin = server.path("startTimeUnixNano").asLong();
        long end = server.path("endTimeUnixNano").asLong();
        long now = System.currentTimeMillis() * 1_000_000;
        assertThat(begin).isBetween(now - PATIENCE.toNanos(), now);
        long before = begin;
        for (String step : steps) {
            JsonNode span = present(found.get(step));
            assertThat(span.path("parentSpanId").asString())
                    .isEqualTo(server.path("spanId").asString());
            assertThat(span.path("startTimeUnixNano").asLong()).isEqualTo(before);
            before = span.path("endTimeUnixNano").asLong();
            assertThat(before).isBetween(begin, end);
        }
        assertThat(before).isEqualTo(end);
    }

    @Test
    void callWhenItsClientSamplesItIsExportedWithItsSteps() throws Exception {
        try (TestMember member = member()) {
            assertThat(send(member, "POST", "/v3/kv/put", "{\"key\":\"YQ==\",\"value\":\"YQ==\"}", 1))
                    .isEqualTo(200);
            assertSpans(1, "etcdserverpb.KV/Put", "received", "proposed", "committed", "applied", "answered");
            assertThat(send(member, "PUT", "/api/v1/keys/a", "x", 2)).isEqualTo(200);
            assertSpans(2, "etcdserverpb.KV/Put", "received", "proposed", "committed", "applied", "answered");
            assertThat(send(member, "GET", "/api/v1/keys/a", "", 3)).isEqualTo(200);
            assertSpans(3, "etcdserverpb.KV/Range", "received", "confirmed", "reading", "read", "answered");
            assertThat(send(member, "PUT", "/api/v1/keys/?lease=7", "x", 4)).isEqualTo(400);
            assertStreams(member);
            Awaitility.await().atMost(PATIENCE).until(() -> !trace(4).isEmpty());
            JsonNode refused = present(trace(4).get("etcdserverpb.KV/Put"));
            assertThat(refused.at("/status/code").asInt()).isEqualTo(2);
            assertThat(resources.getFirst().toString()).contains("\"quorate\"", "\"one\"");
            assertThat(spans)
                    .allSatisfy(
                            span -> assertThat(span.path("traceId").asString()).startsWith(TRACE));
        }
    }

    private void assertStreams(TestMember member) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest watch = HttpRequest.newBuilder(URI.create(member.clientUrl() + "/api/v1/watch/a"))
                    .header("traceparent", "00-%s%02d-%s-01".formatted(TRACE, 5, PARENT))
                    .build();
            client.send(watch, BodyHandlers.ofInputStream()).body().close();
        }
        Awaitility.await().atMost(PATIENCE).until(() -> !trace(5).isEmpty());
        assertThat(trace(5)).as("one span").containsOnlyKeys("etcdserverpb.Watch/Watch");
        assertThat(send(member, "GET", "/api/v1/snapshot", "", 6)).isEqualTo(200);
        Awaitility.await().atMost(PATIENCE).until(() -> trace(6).containsKey("etcdserverpb.Maintenance/Snapshot"));
        assertThat(present(trace(6).get("etcdserverpb.Maintenance/Snapshot"))
                        .path("attributes")
                        .toString())
                .contains("quorate.stream.sent.bytes");
    }

    @Test
    void streamWhenTheMemberStopsIsASpanAllTheSame() throws Exception {
        try (TestMember member = member();
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest watch = HttpRequest.newBuilder(URI.create(member.clientUrl() + "/api/v1/watch/a"))
                    .header("traceparent", "00-%s%02d-%s-01".formatted(TRACE, 7, PARENT))
                    .build();
            try (InputStream events =
                    client.send(watch, BodyHandlers.ofInputStream()).body()) {
                assertThat(events.read()).isEqualTo(':');
                assertThat(member.terminate(Duration.ofSeconds(30)).exitCode()).isEqualTo(TERMINATED);
            }
            assertThat(trace(7)).containsOnlyKeys("etcdserverpb.Watch/Watch");
        }
    }

    @Test
    void collectorWhenItIsBusySlowOrAwayCostsSpansOnly() throws Exception {
        try (TestMember member = member()) {
            status.set(503);
            assertThat(send(member, "PUT", "/api/v1/keys/a", "1", 1)).isEqualTo(200);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> page(member).contains("quorate_traced_calls_total{outcome=\"unsent\"} 1"));
            assertThat(requests.get()).isEqualTo(3);
            status.set(0);
            long begin = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                assertThat(send(member, "PUT", "/api/v1/keys/a", "2", 2)).isEqualTo(200);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PATIENCE);
            Awaitility.await().atMost(PATIENCE).until(() -> requests.get() > 3);
            collector.stop(0);
            assertThat(send(member, "PUT", "/api/v1/keys/a", "3", 3)).isEqualTo(200);
            assertThat(member.terminate(Duration.ofSeconds(30)).exitCode()).isEqualTo(TERMINATED);
            assertThat(trace(1)).isEmpty();
        }
    }
}
