package io.quorate.backup.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quorate.base.MonotonicClock;
import io.quorate.fixture.Expected;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A bucket on the loopback address that fails in the ways that buckets fail. It checks the digest of each body and who asks, not the
 * signature; that is left to a real server.
 */
public final class S3StandIn implements AutoCloseable {

    static final String KEY = "AKIDSTANDIN";
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
    private static final int PAGE = 3;

    /** What the next requests meet. */
    public enum Trouble {
        /** None. */
        NONE,
        /** The connection ends without an answer, and nothing was done. */
        CUT,
        /** It was done, and the connection ends without an answer. */
        LOST_ANSWER,
        /** The answer ends in the middle. */
        CUT_BODY,
        /** Less than was asked for, with headers that say so. */
        PARTIAL,
        /** 503. */
        SLOW_DOWN,
        /** 500. */
        ERROR,
        /** 200, and an error in the body, as S3 does when it puts parts together. */
        ERROR_IN_OK,
        /** 507, not to be tried again. */
        FULL,
        /** Another object than before. */
        EXCHANGED
    }

    final TreeMap<String, byte[]> objects = new TreeMap<>();
    final Map<String, TreeMap<Integer, byte[]>> uploads = new HashMap<>();
    final Map<String, String> uploadKeys = new HashMap<>();
    private final Deque<Trouble> troubles = new ArrayDeque<>();
    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private int uploadNumber;
    int requests;
    String acceptedKey = KEY;

    public S3StandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(executor);
        server.start();
    }

    /** What {@code quorate.backup.to} says of it. */
    public String url() {
        return "s3://bucket/some/prefix?region=eu-west-7&endpoint=http://127.0.0.1:"
                + server.getAddress().getPort();
    }

    /** A store that tries again at once, and for long. */
    public BackupStore store() {
        return store(KEY, Duration.ofMinutes(1));
    }

    /** @param patience how long it tries */
    BackupStore store(String key, Duration patience) {
        S3Address address = S3Address.of(URI.create(url()));
        Map<String, String> environment = Map.of("AWS_ACCESS_KEY_ID", key, "AWS_SECRET_ACCESS_KEY", "secret");
        S3Credentials credentials = new S3Credentials((Path) null, environment::get);
        return new S3Store(
                address,
                new S3Client(
                        address,
                        credentials,
                        new S3Client.Patience(patience, patience, Duration.ofMillis(2)),
                        MonotonicClock.SYSTEM));
    }

    /** The next requests meet these, in this order; then all is well. */
    public synchronized void next(Trouble... more) {
        troubles.addAll(Arrays.asList(more));
    }

    /** All is well from now on. */
    public synchronized void quiet() {
        troubles.clear();
        lasting = null;
    }

    /** All requests meet the same from now on; null for nothing. */
    synchronized void always(@Nullable Trouble trouble) {
        lasting = trouble;
    }

    private @Nullable Trouble lasting;

    private synchronized void answer(HttpExchange exchange) throws IOException {
        requests++;
        byte[] body = exchange.getRequestBody().readAllBytes();
        Trouble trouble = lasting != null ? lasting : troubles.poll();
        if (trouble == Trouble.CUT) {
            exchange.close();
            return;
        }
        if (trouble == Trouble.SLOW_DOWN || trouble == Trouble.ERROR || trouble == Trouble.FULL) {
            int status = trouble == Trouble.SLOW_DOWN ? 503 : trouble == Trouble.ERROR ? 500 : 507;
            send(exchange, status, error(trouble == Trouble.FULL ? "StorageFull" : "SlowDown"), null);
            return;
        }
        if (!refused(exchange, body)) {
            act(exchange, body, trouble);
        }
    }

    private boolean refused(HttpExchange exchange, byte[] body) throws IOException {
        String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!authorization.contains("Credential=" + acceptedKey + "/") || !authorization.contains("/eu-west-7/s3/")) {
            send(exchange, 403, error("InvalidAccessKeyId"), null);
            return true;
        }
        String digest = exchange.getRequestHeaders().getFirst("x-amz-content-sha256");
        if (!sha256(body).equals(digest)) {
            send(exchange, 400, error("XAmzContentSHA256Mismatch"), null);
            return true;
        }
        return false;
    }

    private void act(HttpExchange exchange, byte[] body, @Nullable Trouble trouble) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (!path.startsWith("/bucket")) {
            send(exchange, 404, error("NoSuchBucket"), null);
            return;
        }
        String key = path.length() > "/bucket/".length() ? path.substring("/bucket/".length()) : "";
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        switch (exchange.getRequestMethod()) {
            case "PUT" -> put(exchange, key, query, body, trouble);
            case "POST" -> post(exchange, key, query, trouble);
            case "GET" -> get(exchange, key, query, trouble);
            case "HEAD" -> {
                if (trouble == Trouble.LOST_ANSWER) {
                    exchange.close();
                    return;
                }
                exchange.getResponseHeaders().add("Content-Length", "" + Expected.present(objects.get(key)).length);
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            }
            case "DELETE" -> {
                if (query.containsKey("uploadId")) {
                    uploads.remove(query.get("uploadId"));
                } else {
                    objects.remove(key);
                }
                send(exchange, 204, "", trouble);
            }
            default -> send(exchange, 405, error("MethodNotAllowed"), null);
        }
    }

    private void put(
            HttpExchange exchange, String key, Map<String, String> query, byte[] body, @Nullable Trouble trouble)
            throws IOException {
        if (query.containsKey("uploadId")) {
            TreeMap<Integer, byte[]> upload = uploads.get(query.get("uploadId"));
            if (upload == null) {
                send(exchange, 404, error("NoSuchUpload"), null);
                return;
            }
            upload.put(Integer.parseInt(query.get("partNumber")), body);
        } else {
            objects.put(key, body);
        }
        exchange.getResponseHeaders().add("ETag", "\"" + sha256(body) + "\"");
        send(exchange, 200, "", trouble);
    }

    private void post(HttpExchange exchange, String key, Map<String, String> query, @Nullable Trouble trouble)
            throws IOException {
        if (query.containsKey("uploads")) {
            String id = "upload" + uploadNumber++;
            uploads.put(id, new TreeMap<>());
            uploadKeys.put(id, key);
            send(exchange, 200, "<R><UploadId>" + id + "</UploadId></R>", trouble);
            return;
        }
        TreeMap<Integer, byte[]> parts = uploads.get(query.get("uploadId"));
        if (parts == null) {
            send(exchange, 404, error("NoSuchUpload"), null);
        } else if (trouble == Trouble.ERROR_IN_OK) {
            send(exchange, 200, error("InternalError"), null);
        } else {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            parts.values().forEach(whole::writeBytes);
            objects.put(key, whole.toByteArray());
            uploads.remove(query.get("uploadId"));
            send(exchange, 200, "<CompleteMultipartUploadResult/>", trouble);
        }
    }

    private void get(HttpExchange exchange, String key, Map<String, String> query, @Nullable Trouble trouble)
            throws IOException {
        if (query.containsKey("uploads")) {
            StringBuilder list = new StringBuilder("<ListMultipartUploadsResult>");
            uploads.keySet()
                    .forEach(id -> list.append("<Upload><Key>" + uploadKeys.get(id) + "</Key><UploadId>" + id
                            + "</UploadId><Initiated>" + Instant.EPOCH + "</Initiated></Upload>"));
            send(exchange, 200, list + "</ListMultipartUploadsResult>", trouble);
        } else if (key.isEmpty()) {
            list(exchange, query, trouble);
        } else {
            object(exchange, key, trouble);
        }
    }

    private void list(HttpExchange exchange, Map<String, String> query, @Nullable Trouble trouble) throws IOException {
        String prefix = query.getOrDefault("prefix", "");
        String after = query.getOrDefault("continuation-token", query.getOrDefault("start-after", ""));
        StringBuilder page = new StringBuilder("<ListBucketResult>");
        int count = 0;
        boolean more = false;
        String last = "";
        TreeMap<String, String> folders = new TreeMap<>();
        for (String key : objects.tailMap(after, false).keySet()) {
            if (!key.startsWith(prefix)) {
                continue;
            }
            int slash = key.indexOf('/', prefix.length());
            if (slash >= 0) {
                folders.put(key.substring(0, slash + 1), "");
            } else if (count == PAGE) {
                more = true;
                break;
            } else {
                page.append("<Contents><Key>" + key + "</Key><Size>" + Expected.present(objects.get(key)).length
                        + "</Size></Contents>");
                last = key;
                count++;
            }
        }
        folders.keySet()
                .forEach(folder -> page.append("<CommonPrefixes><Prefix>" + folder + "</Prefix></CommonPrefixes>"));
        page.append("<IsTruncated>" + more + "</IsTruncated>");
        if (more) {
            page.append("<NextContinuationToken>" + last + "</NextContinuationToken>");
        }
        send(exchange, 200, page + "</ListBucketResult>", trouble);
    }

    private void object(HttpExchange exchange, String key, @Nullable Trouble trouble) throws IOException {
        byte[] content = objects.get(key);
        Matcher range =
                RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
        if (content == null || !range.matches()) {
            send(exchange, 404, error("NoSuchKey"), null);
            return;
        }
        int from = Integer.parseInt(range.group(1));
        int to = (int) Math.min(Long.parseLong(range.group(2)) + 1, content.length);
        byte[] part = Arrays.copyOfRange(content, from, to);
        exchange.getResponseHeaders().add("ETag", "\"" + (trouble == Trouble.EXCHANGED ? "x" : sha256(content)) + "\"");
        exchange.getResponseHeaders().add("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + content.length);
        byte[] sent = trouble == Trouble.PARTIAL ? Arrays.copyOf(part, part.length / 2) : part;
        send(exchange, 206, sent, trouble);
    }

    private static void send(HttpExchange exchange, int status, String body, @Nullable Trouble trouble)
            throws IOException {
        send(exchange, status, body.getBytes(StandardCharsets.UTF_8), trouble);
    }

    private static void send(HttpExchange exchange, int status, byte[] body, @Nullable Trouble trouble)
            throws IOException {
        if (trouble == Trouble.LOST_ANSWER) {
            exchange.close();
            return;
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body, 0, trouble == Trouble.CUT_BODY ? body.length / 2 : body.length);
        }
        exchange.close();
    }

    private static String error(String code) {
        return "<Error><Code>" + code + "</Code><Message>so it is</Message></Error>";
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String each : raw == null ? new String[0] : raw.split("&")) {
            String[] parts = each.split("=", 2);
            query.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
