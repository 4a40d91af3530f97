package io.quorate.tool;

import io.quorate.base.FileFailure;
import io.quorate.tool.Tool.ToolException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.json.JsonParseException;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.json.JsonWriter;

/**
 * A client of the JSON gateway: each call goes to the endpoints in turn until one answers. It logs in when a call is refused for want
 * of a token and the options have a password. Used by one thread.
 */
final class ClusterClient implements AutoCloseable {

    private static final Duration CALL_LIMIT = Duration.ofSeconds(10);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);

    /** What a call is refused with that has no token, where one is needed. */
    private static final String NO_USER = "user name is empty";

    private static final String LOGIN = "/v3/auth/authenticate";

    /** Etcd's gateway cannot tell its server whose certificate it was, so it takes none that names a user. */
    static final String COMMON_NAME_REFUSED = "CommonName of client sending a request against gateway";

    private final List<URI> endpoints;
    private final Duration callLimit;
    private final HttpClient http;
    private final @Nullable String login;
    private String token = "";
    private String lastFailure = "";
    private long unanswered;
    private @Nullable URI answering;

    ClusterClient(Options options) {
        this(options, options.endpoints(), "");
    }

    /** @param prefix of the options with certificates */
    ClusterClient(Options options, List<URI> endpoints, String prefix) {
        this.endpoints = endpoints;
        callLimit = Stream.of(CALL_LIMIT, options.timeout())
                .min(Duration::compareTo)
                .filter(limit -> limit.compareTo(CONNECT_LIMIT) > 0)
                .orElse(CONNECT_LIMIT);
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).version(HttpClient.Version.HTTP_1_1);
        if (endpoints.stream().anyMatch(endpoint -> "https".equals(endpoint.getScheme()))) {
            builder.sslContext(options.certificates(prefix).createSslContext());
        }
        http = builder.build();
        login = options.hasPassword() ? json(Map.of("name", options.user(), "password", options.password())) : null;
    }

    /**
     * Calls a method of etcd's gateway.
     *
     * @param path such as {@code /v3/kv/put}
     * @param body JSON
     * @return what was answered, or nothing if no endpoint answered at all
     * @throws ToolException if the call was refused, with the member's own words
     */
    Optional<Map<String, Object>> call(String path, String body) {
        for (URI endpoint : endpoints) {
            try {
                HttpResponse<String> answer = send(endpoint, path, body);
                if (login != null && wantsToken(answer)) {
                    logIn(endpoint, login);
                    answer = send(endpoint, path, body);
                }
                answering = endpoint;
                return Optional.of(content(endpoint + path, answer));
            } catch (IOException unreachable) {
                unanswered++;
                lastFailure = endpoint + " does not answer: " + Unreachable.reason(unreachable);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new ToolException("Interrupted while waiting for " + endpoint + ".");
            }
        }
        return Optional.empty();
    }

    private void logIn(URI endpoint, String named) throws IOException, InterruptedException {
        token = "";
        token = Objects.toString(
                content(endpoint + LOGIN, send(endpoint, LOGIN, named)).get("token"), "");
    }

    /** Takes one part of an answer that has many. */
    interface PartConsumer {
        void accept(Map<String, Object> part) throws IOException;
    }

    /**
     * Calls a method that answers in parts, one line each, at the first endpoint that answers.
     *
     * @throws ToolException if the call was refused or none answers
     * @throws IOException if the answer breaks off
     */
    void stream(String path, String body, PartConsumer parts) throws IOException {
        // Finds an endpoint that answers, and logs in where that is needed.
        require("/v3/maintenance/status", "{}");
        URI endpoint = Objects.requireNonNull(answering, "an endpoint answered");
        try {
            logInIfOn(endpoint);
            HttpResponse<Stream<String>> answer =
                    http.send(request(endpoint, path, body), HttpResponse.BodyHandlers.ofLines());
            try (Stream<String> lines = answer.body()) {
                for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
                    parts.accept(JsonParserFactory.getJsonParser().parseMap(each.next()));
                }
            }
        } catch (UncheckedIOException cut) {
            throw new IOException(endpoint + " broke off: " + FileFailure.describe(cut), cut);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ToolException("Interrupted while waiting for " + endpoint + ".");
        }
    }

    /** A stream cannot be begun again once it was refused. */
    private void logInIfOn(URI endpoint) throws IOException, InterruptedException {
        if (login != null) {
            try {
                logIn(endpoint, login);
            } catch (ToolException refused) {
                if (!String.valueOf(refused.getMessage()).contains("authentication is not enabled")) {
                    throw refused;
                }
            }
        }
    }

    /** Breaks off what is under way; any thread. */
    void abort() {
        http.shutdownNow();
    }

    private HttpResponse<String> send(URI endpoint, String path, String body) throws IOException, InterruptedException {
        return http.send(request(endpoint, path, body), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(URI endpoint, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.resolve(path))
                .timeout(callLimit)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", token);
        }
        return request.build();
    }

    /**
     * A token ends some time after its last use, and with the process of the member that gave it. Without one, the gateway of an etcd that wants
     * certificates acts by its own certificate, which has no rights.
     */
    private boolean wantsToken(HttpResponse<String> answer) {
        return answer.statusCode() != HttpURLConnection.HTTP_OK
                && (answer.body().contains(NO_USER)
                        || answer.body().contains("invalid auth token")
                        || token.isEmpty() && answer.body().contains("permission denied"));
    }

    /** An object of JSON, of texts, numbers, lists and objects. */
    static String jsonOf(Map<String, Object> fields) {
        return JsonWriter.<Map<String, Object>>standard().writeToString(fields);
    }

    /** An object of JSON with these texts. */
    static String json(Map<String, String> fields) {
        return JsonWriter.<Map<String, String>>standard().writeToString(fields);
    }

    private static Map<String, Object> content(String url, HttpResponse<String> answer) {
        Map<String, Object> content;
        try {
            content = JsonParserFactory.getJsonParser().parseMap(answer.body());
        } catch (JsonParseException other) {
            if (answer.body().contains(COMMON_NAME_REFUSED)) {
                throw new ToolException(
                        url + " refuses certificates with a common name while authentication is on: show"
                                + " one without (" + answer.body().strip() + ").");
            }
            throw new ToolException(url + " answers " + answer.statusCode()
                    + " without JSON; is it a client URL of a member (quorate.advertise-client-urls)?");
        }
        if (answer.statusCode() != 200) {
            String reason = Objects.toString(content.get("message"), answer.body());
            throw new ToolException(url + ": " + reason
                    + (reason.contains(NO_USER)
                            ? " (authentication is on: name a user by --user and --password-file)"
                            : ""));
        }
        return content;
    }

    /** How often an endpoint was called and did not answer. Such a call may have had its effect. */
    long unanswered() {
        return unanswered;
    }

    /** Why no endpoint answered the last call that none answered. */
    String lastFailure() {
        return lastFailure;
    }

    /** Calls a method that must be answered. */
    Map<String, Object> require(String path, String body) {
        return call(path, body).orElseThrow(() -> new ToolException(lastFailure));
    }

    /** The members as a quorum sees them, or nothing if no endpoint answered. */
    Optional<List<ClusterMember>> members() {
        return call("/v3/cluster/member/list", "{\"linearizable\":true}").map(ClusterMember::listIn);
    }

    /** The id in a field of an answer; zero is left out in JSON. */
    static String id(Map<?, ?> answer, String field) {
        return Objects.toString(answer.get(field), "0");
    }

    @Override
    public void close() {
        http.close();
    }
}
