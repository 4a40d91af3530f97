package io.quorate.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.quorate.api.port.EdgeFixture;
import io.quorate.api.port.FakeKv;
import io.quorate.api.port.FakeWatch;
import io.quorate.api.port.MetadataRecorder;
import io.quorate.proto.WatchResponse;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway over HTTP/1.1, from the outside. */
class JsonGatewayTests {

    private static EdgeFixture edge;
    private static HttpClient client;
    private static FakeWatch watch;

    @BeforeAll
    static void start() {
        edge = EdgeFixture.start();
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        watch = edge.bean(FakeWatch.class);
    }

    @AfterAll
    static void stop() {
        client.close();
        edge.close();
    }

    @BeforeEach
    void forget() {
        watch.events.clear();
        watch.opened.clear();
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + edge.port() + path);
    }

    private static HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    @Test
    void putWhenKeyIsGivenAnswersInProtoJson() throws Exception {
        HttpResponse<String> answer = post(
                "/v3/kv/put",
                "{\"key\":\"" + base64("a") + "\",\"value\":\"" + base64("1") + "\",\"ignoreLease\":false}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.headers().firstValue("Grpc-Metadata-Content-Type")).contains("application/grpc");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
        JsonObject header = json(answer.body()).getAsJsonObject("header");
        assertThat(header.get("cluster_id").getAsString()).isEqualTo("18446744073709551614");
        assertThat(header.get("raft_term").toString()).isEqualTo("\"3\"");
        HttpResponse<String> range = post("/v3/kv/range", "{\"key\":\"" + base64("a") + "\"}");
        JsonObject kv = json(range.body()).getAsJsonArray("kvs").get(0).getAsJsonObject();
        assertThat(kv.get("value").getAsString()).isEqualTo(base64("1"));
        assertThat(kv.has("lease")).isFalse();
    }

    @Test
    void rangeWhenBodyIsEmptyTakesTheEmptyMessage() throws Exception {
        HttpResponse<String> answer = post("/v3/kv/range", "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer.body()).has("count")).isFalse();
    }

    @Test
    void callWhenServiceRefusesAnswersWithItsStatus() throws Exception {
        HttpResponse<String> answer = post("/v3/kv/put", "{}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"code\":3,\"message\":\"etcdserver: key is not provided\"}");
        HttpResponse<String> unauthenticated = post("/v3/kv/put", "{\"key\":\"" + base64("unauthenticated") + "\"}");
        assertThat(unauthenticated.statusCode()).isEqualTo(401);
        assertThat(unauthenticated.headers().firstValue("WWW-Authenticate")).contains("etcdserver: invalid auth token");
    }

    @Test
    void callWhenServiceThrowsHidesTheDetail() throws Exception {
        HttpResponse<String> answer = post("/v3/kv/put", "{\"key\":\"" + base64("throw") + "\"}");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("\"code\":2").doesNotContain("secret", "Exception");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"key\":",
                "nonsense",
                "[]",
                "null",
                "{\"key\":1}",
                "{\"key\":\"%\"}",
                "{\"limit\":\"x\"}",
                "{a:1}"
            })
    void callWhenJsonIsBadAnswers400InOwnWords(String body) throws Exception {
        HttpResponse<String> answer = post("/v3/kv/range", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer.body()).get("code").getAsInt()).isEqualTo(3);
        assertThat(answer.body()).doesNotContain("Exception", "com.google", "java.");
    }

    @Test
    void callWhenPathOrMethodIsUnknownAnswersAsTheGateway() throws Exception {
        HttpResponse<String> unknown = post("/v3/kv/nothing", "{}");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).isEqualTo("{\"code\":5,\"message\":\"Not Found\"}");
        HttpResponse<String> get =
                client.send(HttpRequest.newBuilder(uri("/v3/kv/put")).build(), BodyHandlers.ofString());
        assertThat(get.statusCode()).isEqualTo(501);
        assertThat(get.body()).isEqualTo("{\"code\":12,\"message\":\"Method Not Allowed\"}");
    }

    @Test
    void callWhenPathIsOfTheBetaIsServed() throws Exception {
        assertThat(post("/v3beta/kv/range", "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void callWhenTimeoutPassesAnswers504AndCancels() throws Exception {
        HttpResponse<String> answer = post("/v3/kv/put", "{\"key\":\"" + base64("hang") + "\"}", "Grpc-Timeout", "50m");
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("\"code\":4");
        assertThat(edge.bean(FakeKv.class).cancelled.await(5, TimeUnit.SECONDS)).isTrue();
    }

    /** As in etcd 3.7.1, except that a long time is one: there it overflows, and is over at once. */
    @ParameterizedTest
    @CsvSource({
        "1S, 200, ''",
        "+1S, 200, ''",
        "0S, 200, ''",
        "123456789S, 200, ''",
        "99999999999H, 200, ''",
        "-1S, 504, context deadline exceeded",
        "-99999999999H, 504, context deadline exceeded",
        "1n, 504, context deadline exceeded",
        "soon, 400, invalid grpc-timeout: soon",
        "S, 400, invalid grpc-timeout: S",
        "1, 400, invalid grpc-timeout: 1",
        "1x, 400, invalid grpc-timeout: 1x",
        "-S, 400, invalid grpc-timeout: -S",
        "1.5S, 400, invalid grpc-timeout: 1.5S",
        "99999999999999999999H, 400, invalid grpc-timeout: 99999999999999999999H"
    })
    void callWhenATimeoutIsGivenAnswersAsEtcd(String timeout, int status, String message) throws Exception {
        HttpResponse<String> answer = post("/v3/kv/range", "{\"key\":\"YQ==\"}", "Grpc-Timeout", timeout);
        assertThat(answer.statusCode()).isEqualTo(status);
        if (!message.isEmpty()) {
            assertThat(json(answer.body()).get("message").getAsString()).isEqualTo(message);
        }
    }

    @Test
    void callWhenMetadataHeaderIsInvalidAnswers400() throws Exception {
        assertThat(post("/v3/kv/range", "{}", "Grpc-Metadata-a!b", "x").statusCode())
                .isEqualTo(400);
        assertThat(post("/v3/kv/range", "{}", "Grpc-Metadata-x-bin", "?").statusCode())
                .isEqualTo(400);
        assertThat(post("/v3/kv/range", "{}", "Grpc-Metadata-token", "t").statusCode())
                .isEqualTo(200);
    }

    @Test
    void callWhenHeadersAreGivenTurnsThemIntoMetadata() throws Exception {
        post("/v3/kv/range", "{}", "Authorization", "tok", "Grpc-Metadata-HasLeader", "true", "User-Agent", "test");
        assertThat(edge.bean(MetadataRecorder.class).last())
                .containsEntry("authorization", "tok")
                .containsEntry("grpcgateway-authorization", "tok")
                .containsEntry("hasleader", "true")
                .containsEntry("grpcgateway-user-agent", "test")
                .containsEntry("grpcgateway-accept", "*/*")
                .containsEntry("x-forwarded-for", "127.0.0.1");
    }

    @Test
    void callWhenMessageIsTooLargeAnswers429() throws Exception {
        HttpResponse<String> fits =
                post("/v3/kv/put", "{\"key\":\"YQ==\",\"value\":\"" + base64("x".repeat(2_000_000)) + "\"}");
        assertThat(fits.statusCode()).isEqualTo(200);
        HttpResponse<String> large =
                post("/v3/kv/put", "{\"key\":\"YQ==\",\"value\":\"" + base64("x".repeat(2_100_000)) + "\"}");
        assertThat(large.statusCode()).isEqualTo(429);
        assertThat(json(large.body()).get("code").getAsInt()).isEqualTo(8);
    }

    @Test
    void watchWhenTwoObjectsAreSentAndBodyEndsGoesOnUntilClientLeaves() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/v3/watch"))
                .POST(
                        BodyPublishers.ofString(
                                "{\"create_request\":{\"key\":\"YQ==\",\"watch_id\":\"1\"}} {\"createRequest\":{\"watchId\":2}}"))
                .build();
        HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            JsonObject first = json(lines.readLine()).getAsJsonObject("result");
            assertThat(first.get("created").getAsBoolean()).isTrue();
            assertThat(first.get("watch_id").getAsString()).isEqualTo("1");
            assertThat(json(lines.readLine())
                            .getAsJsonObject("result")
                            .get("watch_id")
                            .getAsString())
                    .isEqualTo("2");
            assertThat(watch.events.poll(5, TimeUnit.SECONDS)).isEqualTo("halfclosed");
            watch.opened
                    .take()
                    .onNext(WatchResponse.newBuilder().setCompactRevision(9).build());
            assertThat(json(lines.readLine())
                            .getAsJsonObject("result")
                            .get("compact_revision")
                            .getAsString())
                    .isEqualTo("9");
        }
        assertThat(watch.events.poll(5, TimeUnit.SECONDS)).isEqualTo("cancelled");
    }

    @Test
    void watchWhenServiceFailsSendsAnErrorChunk() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/v3/watch"))
                .POST(BodyPublishers.ofString("{\"create_request\":{}}"))
                .build();
        HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            lines.readLine();
            watch.opened
                    .take()
                    .onError(io.grpc.Status.UNAVAILABLE
                            .withDescription("etcdserver: no leader")
                            .asRuntimeException());
            assertThat(lines.readLine()).isEqualTo("{\"error\":{\"code\":14,\"message\":\"etcdserver: no leader\"}}");
            assertThat(lines.readLine()).isNull();
        }
    }

    @Test
    void watchWhenBodyIsBadFailsAndCancelsTheService() throws Exception {
        HttpResponse<String> answer = post("/v3/watch", "nonsense");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer.body()).get("code").getAsInt()).isEqualTo(3);
        assertThat(answer.headers().firstValue("grpc-metadata-content-type")).isEmpty();
        assertThat(watch.events.poll(5, TimeUnit.SECONDS)).isEqualTo("cancelled");
    }

    @Test
    void keepaliveWhenALaterRequestIsBadEndsThere() throws Exception {
        HttpResponse<String> answer = post("/v3/lease/keepalive", "{\"ID\":\"5\"}[]{\"ID\":6}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().lines()).containsExactly("{\"result\":{\"ID\":\"5\",\"TTL\":\"10\"}}");
    }

    @Test
    void keepaliveWhenBodyEndsEndsTheStream() throws Exception {
        HttpResponse<String> answer = post("/v3/lease/keepalive", "{\"ID\":\"5\"}{\"ID\":6}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().lines())
                .containsExactly(
                        "{\"result\":{\"ID\":\"5\",\"TTL\":\"10\"}}", "{\"result\":{\"ID\":\"6\",\"TTL\":\"10\"}}");
    }

    @Test
    void requestsWhenPipelinedAreAnsweredInOrder() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", edge.port())) {
            OutputStream out = socket.getOutputStream();
            String put = "POST /v3/kv/range HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
            String health = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
            String last = "GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            out.write((put.repeat(100) + health + last).getBytes(StandardCharsets.US_ASCII));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(all.split("HTTP/1.1 200 OK", -1)).hasSize(103);
            assertThat(all.indexOf("\"health\"")).isLessThan(all.indexOf("\"etcdserver\""));
        }
    }

    @Test
    void connectionWhenRequestIsAnsweredBeforeItsBodyCameServesTheNext() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", edge.port())) {
            OutputStream out = socket.getOutputStream();
            out.write("POST /v3/none HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(in.readLine()).isEqualTo("HTTP/1.1 404 Not Found");
            out.write("0123456789GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(in.lines().anyMatch(line -> line.endsWith("HTTP/1.1 200 OK")))
                    .isTrue();
        }
    }

    @Test
    void requestWhenBodyIsFarTooLargeIsAnsweredInTheMiddle() throws Exception {
        HttpResponse<String> answer = post("/v3/kv/put", "{\"value\":\"" + "A".repeat(9_000_000) + "\"}");
        assertThat(answer.statusCode()).isEqualTo(429);
    }

    @Test
    void requestWhenItIsNotHttpIsRefused() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", edge.port())) {
            socket.getOutputStream().write("nonsense\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 400 ");
        }
    }

    @ParameterizedTest
    @CsvSource({"/health,200", "/livez,200", "/readyz/non_learner,200", "/version,200", "/metrics,200", "/v2/keys,404"})
    void getWhenPathIsAPageServesIt(String path, int status) throws Exception {
        HttpResponse<String> answer =
                client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Headers"))
                .contains("accept, content-type, authorization");
    }

    @Test
    void optionsWhenAskedByABrowserAreAnswered() throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(uri("/v3/kv/put"))
                        .method("OPTIONS", BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Methods"))
                .contains("POST, GET, OPTIONS, PUT, DELETE");
    }

    @Test
    void postWhenPathIsSpringsCarriesTheBodyThroughTheBridge() throws Exception {
        assertThat(post("/api/v1/hello", "x".repeat(3_000_000), "x-quorate-bridge", "forged")
                        .body())
                .isEqualTo("127.0.0.1 http 3000000 0");
    }

    @Test
    void getWhenPathIsSpringsGoesThroughTheBridge() throws Exception {
        HttpResponse<String> answer =
                client.send(HttpRequest.newBuilder(uri("/api/v1/hello")).build(), BodyHandlers.ofString());
        assertThat(answer.body()).isEqualTo("127.0.0.1 http 0 0");
    }
}
