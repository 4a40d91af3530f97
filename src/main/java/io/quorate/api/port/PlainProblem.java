package io.quorate.api.port;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Problems (RFC 9457) about requests for the REST API that never reach it: those that are no HTTP, are turned away, or that the servlet
 * container refuses.
 */
public final class PlainProblem {

    private static final String PREFIX = "/api/";
    private static final String MEDIA_TYPE = "application/problem+json";

    private PlainProblem() {}

    /** Whether a path, or a target that begins with it, is that of the REST API, known or not. */
    public static boolean isFor(String path) {
        return path.startsWith(PREFIX);
    }

    /**
     * Answers with a problem.
     *
     * @param kind short name of what it is, words with hyphens
     * @param detail what it is this time; needs no escapes in JSON
     */
    public static void respond(HttpExchange exchange, int status, String kind, String detail) {
        HttpHeaders headers = headers();
        if (status == HttpResponseStatus.SERVICE_UNAVAILABLE.code()) {
            headers.set(HttpHeaderNames.RETRY_AFTER, "1");
        }
        respond(exchange, status, headers, kind, detail);
    }

    /** Answers in place of the container, in which a status says it all. */
    static void respond(HttpExchange exchange, int status, HttpHeaders headers) {
        String detail = status == HttpResponseStatus.NOT_FOUND.code() ? "no such path" : reason(status);
        respond(exchange, status, headers, detail.replace(' ', '-'), detail);
    }

    private static void respond(HttpExchange exchange, int status, HttpHeaders headers, String kind, String detail) {
        exchange.respond(status, headers, Unpooled.wrappedBuffer(body(status, kind, detail)));
    }

    /** What belongs in the header of the answer. */
    static HttpHeaders headers() {
        return new DefaultHttpHeaders()
                .set(HttpHeaderNames.CONTENT_TYPE, MEDIA_TYPE)
                .set("X-Content-Type-Options", "nosniff");
    }

    /** Whether the header is that of a problem. */
    static boolean isProblem(HttpHeaders headers) {
        return headers.contains(HttpHeaderNames.CONTENT_TYPE, MEDIA_TYPE, true);
    }

    /** What belongs in the body. */
    static byte[] body(int status, String kind, String detail) {
        return """
                {"type":"urn:quorate:problem:%s","title":"The request is turned away","status":%d,"detail":"%s"}""".formatted(kind, status, detail).getBytes(StandardCharsets.UTF_8);
    }

    private static String reason(int status) {
        return HttpResponseStatus.valueOf(status).reasonPhrase().toLowerCase(Locale.ROOT);
    }
}
