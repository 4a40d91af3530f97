package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.HttpReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A client of the REST API: Java's own, as a user would write it. */
final class RestClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;
    private final String[] always;

    /** @param always names and values of fields that every request has */
    RestClient(String base, String... always) {
        this.base = base;
        this.always = always;
    }

    /** The same with another member, or in the name of another user. */
    RestClient with(String... fields) {
        return new RestClient(base, fields);
    }

    /** An answer. */
    record Reply(int status, java.net.http.HttpHeaders headers, byte[] body) {

        JsonNode json() {
            return HttpReply.parse(text());
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        Reply is(int expected) {
            assertThat(status).as("%s", this).isEqualTo(expected);
            return this;
        }

        /** Requires that it is a problem with this text. */
        JsonNode problem(int expected, String detail) {
            is(expected);
            assertThat(header("content-type")).isEqualTo("application/problem+json");
            assertThat(json().path("status").asInt()).isEqualTo(expected);
            assertThat(json().path("detail").asString()).isEqualTo(detail);
            return json();
        }

        @Override
        public String toString() {
            return status + " " + headers.map() + " " + text();
        }
    }

    Reply send(String method, String path, byte[] body, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        String[] all =
                Stream.concat(Arrays.stream(always), Arrays.stream(fields)).toArray(String[]::new);
        if (all.length > 0) {
            request.headers(all);
        }
        try {
            HttpResponse<byte[]> reply = client.send(request.build(), BodyHandlers.ofByteArray());
            return new Reply(reply.statusCode(), reply.headers(), reply.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Reply get(String path, String... fields) {
        return send("GET", path, new byte[0], fields);
    }

    Reply delete(String path, String... fields) {
        return send("DELETE", path, new byte[0], fields);
    }

    Reply put(String path, String body, String... fields) {
        return send("PUT", path, body.getBytes(StandardCharsets.UTF_8), fields);
    }

    Reply json(String method, String path, String body) {
        return send(method, path, body.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
    }

    /** Sends a request whose answer nobody waits for. */
    void begin(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        CompletableFuture<HttpResponse<Void>> unused = client.sendAsync(request, BodyHandlers.discarding());
    }

    /** Opens a stream of events, which has the status 200. */
    EventReader events(String path, String... fields) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).header("Accept", "text/event-stream");
        String[] all =
                Stream.concat(Arrays.stream(always), Arrays.stream(fields)).toArray(String[]::new);
        if (all.length > 0) {
            request.headers(all);
        }
        try {
            HttpResponse<InputStream> reply = client.send(request.build(), BodyHandlers.ofInputStream());
            assertThat(reply.statusCode()).isEqualTo(200);
            assertThat(reply.headers().firstValue("content-type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
            return new EventReader(reply.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
