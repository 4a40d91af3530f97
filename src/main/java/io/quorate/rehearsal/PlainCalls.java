package io.quorate.rehearsal;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Calls over HTTP: etcd's JSON, health, metrics. */
final class PlainCalls {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int METRICS_ROUNDS = 50;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI endpoint;

    PlainCalls(URI endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * @throws IOException if the member does not answer as it should
     * @throws InterruptedException if the thread is interrupted
     */
    void round(int round) throws IOException, InterruptedException {
        post("/v3/kv/put", "{\"key\":\"L3JlaGVhcnNhbC9q\",\"value\":\"dGV4dA==\"}");
        post("/v3/kv/range", "{\"key\":\"L3JlaGVhcnNhbC9q\"}");
        if (round % 10 == 0) {
            send(HttpRequest.newBuilder(endpoint.resolve("/health")));
        }
        if (round % METRICS_ROUNDS == 0) {
            send(HttpRequest.newBuilder(endpoint.resolve("/metrics")));
        }
    }

    private void post(String path, String body) throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(endpoint.resolve(path)).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private void send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpRequest limited = request.timeout(LIMIT).build();
        HttpResponse<Void> answer = http.send(limited, HttpResponse.BodyHandlers.discarding());
        if (answer.statusCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException(limited.uri() + " answers " + answer.statusCode());
        }
    }
}
