package io.quorate.tracing;

import io.quorate.base.TimedExchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;

/** A collector of OpenTelemetry that speaks OTLP over HTTP. Used by one thread. */
public final class HttpReceiver implements SpanReceiver, AutoCloseable {

    private static final String PATH = "/v1/traces";
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);
    private static final int SUCCESS = 2;
    private static final int HUNDRED = 100;

    /** What the protocol lets a client try again. */
    private static final Set<Integer> BUSY = Set.of(429, 502, 503, 504);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .build();
    private final URI target;

    /** @param base scheme, host and port */
    public HttpReceiver(URI base) {
        this.target = base.resolve(PATH);
    }

    @Override
    public Outcome send(byte[] spans) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(target)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(spans))
                .build();
        int status = TimedExchange.await(client.sendAsync(request, BodyHandlers.discarding()), ANSWER_LIMIT, target)
                .statusCode();
        if (status / HUNDRED == SUCCESS) {
            return Outcome.TAKEN;
        }
        return BUSY.contains(status) ? Outcome.BUSY : Outcome.REFUSED;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    @Override
    public String toString() {
        return target.toString();
    }
}
