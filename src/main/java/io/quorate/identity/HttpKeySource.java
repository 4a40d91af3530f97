package io.quorate.identity;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.quorate.base.SafeUrl;
import io.quorate.base.TimedExchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Keys that an issuer publishes at a URL, which is either known or asked of the issuer by its own description (OpenID Connect
 * Discovery). Redirections are not followed. The client is made at the first request.
 */
public final class HttpKeySource implements KeySource {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int BYTES_MAX = 1 << 20;
    private static final String DESCRIPTION = "/.well-known/openid-configuration";

    /**
     * Where and how.
     *
     * @param issuer the issuer's name, which is a URL if {@code keys} is empty
     * @param keys URL of the keys; empty to ask the issuer for it
     * @param bearerFile file with a token to show, read anew for each request; null to show none
     */
    public record Place(
            String issuer, String keys, @Nullable Path bearerFile) {}

    private final Place place;
    private final Supplier<SSLContext> trust;
    private @Nullable HttpClient client; // guarded by this

    /** @param trust made at the first request */
    public HttpKeySource(Place place, Supplier<SSLContext> trust) {
        this.place = place;
        this.trust = trust;
    }

    @Override
    public String fetch() throws IOException, InterruptedException {
        return get(place.keys().isEmpty() ? described() : place.keys());
    }

    private String described() throws IOException, InterruptedException {
        String base = place.issuer().endsWith("/")
                ? place.issuer().substring(0, place.issuer().length() - 1)
                : place.issuer();
        String text = get(base + DESCRIPTION);
        try {
            Map<String, Object> description = JSONObjectUtils.parse(text);
            if (!place.issuer().equals(description.get("issuer"))) {
                throw new IOException(base + DESCRIPTION + " describes another issuer than " + place.issuer());
            }
            if (description.get("jwks_uri") instanceof String keys && SafeUrl.isSafe(keys)) {
                return keys;
            }
        } catch (ParseException e) {
            throw new IOException(base + DESCRIPTION + " is not JSON", e);
        }
        throw new IOException(base + DESCRIPTION + " names no jwks_uri with https");
    }

    private String get(String url) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).header("Accept", "application/json");
        if (place.bearerFile() != null) {
            request.header(
                    "Authorization",
                    "Bearer " + Files.readString(place.bearerFile()).strip());
        }
        HttpResponse<String> answer = send(url, request.build());
        if (answer.statusCode() != 200) {
            throw new IOException(url + " answered with status " + answer.statusCode());
        }
        return answer.body();
    }

    private HttpResponse<String> send(String url, HttpRequest request) throws IOException, InterruptedException {
        return TimedExchange.await(
                client().sendAsync(
                                request,
                                HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), BYTES_MAX)),
                TIMEOUT,
                url);
    }

    private synchronized HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newBuilder()
                    .connectTimeout(CONNECT_TIMEOUT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .sslContext(trust.get())
                    .build();
            client = made;
        }
        return made;
    }
}
