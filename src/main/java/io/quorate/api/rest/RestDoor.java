package io.quorate.api.rest;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.quorate.api.port.HttpExchange;
import io.quorate.api.port.HttpHandler;
import io.quorate.api.port.KeyPath;
import io.quorate.api.port.PlainProblem;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Lets requests in to Tomcat. So many at the same time to the REST API: each takes two file descriptors and a thread. */
public final class RestDoor {

    /** What Tomcat takes, when a key in the path has become a third longer. */
    private static final int PATH_CHARS_MAX = 16 * 1024;

    /** Path and query, so that the longest key can still have parameters. */
    private static final int TARGET_CHARS_MAX = 20 * 1024;

    private static final int FIELDS_CHARS_MAX = 24 * 1024;

    /** Tomcat takes a hundred, with those of the bridge. */
    private static final int FIELDS_MAX = 90;

    /** Segments that stand for another place, of which Tomcat would make another path. */
    private static final Pattern DOTS = Pattern.compile("/(\\.|%2[eE]){1,2}(/|;|$)");

    private final Width width;
    private final HttpHandler servlets;
    private final AtomicInteger inside = new AtomicInteger();

    /**
     * How many come in.
     *
     * @param requests at the same time; 0 if there is no REST API
     */
    public record Width(int requests) {}

    RestDoor(Width width, HttpHandler servlets) {
        this.width = width;
        this.servlets = servlets;
    }

    /** Whether a path is that of the REST API, known or not. */
    static boolean owns(String path) {
        return PlainProblem.isFor(path);
    }

    /** What browsers may do here in the name of another page, if they may do anything. */
    static HttpHeaders allowed(HttpHeaders cors) {
        return new DefaultHttpHeaders()
                .set(cors)
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "POST, GET, HEAD, OPTIONS, PUT, DELETE")
                .set(
                        HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
                        "accept, content-type, authorization, if-match, if-none-match, last-event-id, grpc-timeout")
                .set(
                        HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS,
                        "etag, location, x-quorate-revision, x-quorate-create-revision, x-quorate-version, x-quorate-lease");
    }

    /** Whether a path may lead somewhere: nothing else is behind this door than the REST API, if that. */
    boolean serves(String path) {
        return width.requests() > 0 && owns(path);
    }

    /** Hands on a request whose path it {@link #serves}, or turns it away. */
    void enter(HttpExchange exchange) {
        int pathChars = exchange.path().length();
        if (pathChars > PATH_CHARS_MAX || pathChars + exchange.query().length() > TARGET_CHARS_MAX) {
            PlainProblem.respond(exchange, 414, "too-long", "the path is too long");
        } else if (!KeyPath.isOne(exchange.path())
                && DOTS.matcher(exchange.path()).find()) {
            PlainProblem.respond(exchange, 400, "malformed", "the path has dots for a segment");
        } else if (!KeyPath.isPlain(exchange.path())) {
            PlainProblem.respond(exchange, 400, "malformed", "the path begins with an escape or a parameter");
        } else if (!isToken(exchange.method())) {
            PlainProblem.respond(exchange, 400, "malformed", "the method is malformed");
        } else if (fieldChars(exchange.headers()) > FIELDS_CHARS_MAX) {
            PlainProblem.respond(exchange, 431, "too-long", "the header is too long");
        } else if (exchange.headers().size() > FIELDS_MAX) {
            PlainProblem.respond(exchange, 431, "too-many-fields", "the header has too many fields");
        } else {
            count(exchange);
        }
    }

    /** What a method must be; over HTTP/2 it may be any text. */
    private static boolean isToken(String method) {
        return !method.isEmpty()
                && method.chars()
                        .allMatch(each -> each > ' ' && each < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(each) < 0);
    }

    private static int fieldChars(HttpHeaders headers) {
        int chars = 0;
        for (Map.Entry<String, String> field : headers) {
            chars += field.getKey().length() + field.getValue().length() + 4;
        }
        return chars;
    }

    private void count(HttpExchange exchange) {
        if (inside.incrementAndGet() > width.requests()) {
            inside.decrementAndGet();
            PlainProblem.respond(exchange, 503, "busy", "too many requests of the REST API at the same time");
            return;
        }
        exchange.onFinished(inside::decrementAndGet);
        servlets.handle(exchange);
    }
}
