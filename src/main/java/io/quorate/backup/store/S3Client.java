package io.quorate.backup.store;

import io.quorate.base.MonotonicClock;
import io.quorate.base.TimedExchange;
import io.quorate.tls.Authorities;
import io.quorate.tls.PemCredentials;
import io.quorate.tls.UnusableCredentialsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import lombok.extern.slf4j.Slf4j;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Sends signed requests (Signature Version 4) and tries again what may succeed later: lost connections, answers that do not come, 429, 500,
 * 502, 503, 504. Any thread; a call ends soon when its thread is interrupted.
 */
@Slf4j
final class S3Client implements AutoCloseable {

    /**
     * How long a call is tried.
     *
     * @param brief what only costs lag if it fails
     * @param part a part of a large upload, for giving up costs all of it
     * @param firstPause between the first two tries; each further one is twice as long, up to 10 s
     */
    record Patience(Duration brief, Duration part, Duration firstPause) {

        static final Patience USUAL = new Patience(Duration.ofSeconds(30), Duration.ofHours(1), Duration.ofMillis(200));
    }

    private static final Set<Integer> PASSING = Set.of(429, 500, 502, 503, 504);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** Slower connections count as broken. */
    private static final int BYTES_PER_SECOND_MIN = 32 << 10;

    /** More than any answer that is asked for. */
    private static final long ANSWER_BYTES_MAX = 8 << 20;

    private static final long PAUSE_MILLIS_MAX = 10_000;
    private static final int OK = 200;
    private static final int OK_END = 300;

    /** What Java's client sets by itself. */
    private static final Set<String> OWN_HEADERS = Set.of("host", "content-length", "expect", "connection");

    private final S3Address address;
    private final S3Credentials credentials;
    private final Patience patience;
    private final MonotonicClock clock;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final HttpClient client;

    S3Client(S3Address address, S3Credentials credentials, Patience patience, MonotonicClock clock) {
        this.address = address;
        this.credentials = credentials;
        this.patience = patience;
        this.clock = clock;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT);
        if (address.caFile() != null) {
            builder.sslContext(trusting(address.caFile()));
        }
        this.client = builder.build();
    }

    private static SSLContext trusting(Path authorities) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {Authorities.of(PemCredentials.authorities(authorities))}, null);
            return context;
        } catch (IOException | UnusableCredentialsException | GeneralSecurityException e) {
            throw new IllegalArgumentException("ca-file " + authorities + " cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Sends a request until it succeeds, is refused, or the time is over.
     *
     * @return an answer of 2xx
     * @throws S3Exception if the service refuses it
     * @throws IOException if no answer came in time
     */
    HttpResponse<byte[]> send(S3Request request) throws IOException {
        return send(request, patience.brief());
    }

    /** The same for a part of a large upload, which is worth more patience. */
    HttpResponse<byte[]> sendPart(S3Request request) throws IOException {
        return send(request, patience.part());
    }

    private HttpResponse<byte[]> send(S3Request request, Duration limit) throws IOException {
        long deadline = clock.nanos() + limit.toNanos();
        long pause = patience.firstPause().toMillis();
        while (true) {
            IOException failure;
            try {
                HttpResponse<byte[]> response = once(request);
                if (response.statusCode() >= OK && response.statusCode() < OK_END) {
                    return response;
                }
                S3Exception refusal = refusal(request, response);
                if (!PASSING.contains(response.statusCode())) {
                    throw refusal;
                }
                failure = refusal;
            } catch (S3Exception | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                failure = e;
            }
            if (clock.nanos() - deadline >= 0) {
                throw failure;
            }
            log.debug("{} is tried again in about {} ms: {}", request.path(), pause, failure.toString());
            rest(pause);
            pause = Math.min(2 * pause, PAUSE_MILLIS_MAX);
        }
    }

    /** Half of the time, and a part of the other half by chance, so that members do not all come back at once. */
    private static void rest(long millis) throws InterruptedIOException {
        try {
            Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private HttpResponse<byte[]> once(S3Request request) throws IOException {
        HttpRequest signed = sign(request);
        long seconds = ANSWER.toSeconds() + (request.length() + ANSWER_BYTES_MAX / 4) / BYTES_PER_SECOND_MIN;
        CompletableFuture<HttpResponse<byte[]>> exchange = client.sendAsync(
                signed, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
        try {
            return TimedExchange.await(exchange, Duration.ofSeconds(seconds), address);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while a bucket was asked");
    }

    private HttpRequest sign(S3Request request) throws IOException {
        SdkHttpRequest.Builder plain = SdkHttpRequest.builder()
                .method(request.method())
                .protocol(address.endpoint().getScheme())
                .host(address.host())
                .encodedPath(request.path());
        if (address.endpoint().getPort() > 0) {
            plain.port(address.endpoint().getPort());
        }
        request.query().forEach(plain::putRawQueryParameter);
        request.headers().forEach(plain::putHeader);
        AwsCredentialsIdentity identity = credentials.get();
        SignedRequest signed = signer.sign(each -> each.identity(identity)
                .request(plain.build())
                .payload(() -> new ByteArrayInputStream(request.body(), 0, request.length()))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                .putProperty(AwsV4HttpSigner.REGION_NAME, address.region())
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, true)
                .putProperty(AwsV4HttpSigner.CHUNK_ENCODING_ENABLED, false));
        HttpRequest.Builder sent = HttpRequest.newBuilder(signed.request().getUri())
                .method(
                        request.method().name(),
                        request.length() == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(request.body(), 0, request.length()));
        for (Map.Entry<String, List<String>> header : signed.request().headers().entrySet()) {
            if (!OWN_HEADERS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                header.getValue().forEach(value -> sent.header(header.getKey(), value));
            }
        }
        return sent.build();
    }

    private static S3Exception refusal(S3Request request, HttpResponse<byte[]> response) {
        String what = request.method() + " " + request.path();
        try {
            S3Xml error = S3Xml.parse(response.body());
            return new S3Exception(what, response.statusCode(), error.value("Code"), error.value("Message"));
        } catch (IOException noXml) {
            String text = new String(response.body(), StandardCharsets.UTF_8).strip();
            return new S3Exception(
                    what, response.statusCode(), "", text.length() > 200 ? text.substring(0, 200) : text);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
