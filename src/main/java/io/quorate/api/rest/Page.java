package io.quorate.api.rest;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;

/**
 * A short answer in text.
 *
 * @param status HTTP status
 * @param headers further header fields; Content-Type among them
 * @param body text, sent as UTF-8
 */
public record Page(int status, Map<String, String> headers, String body) {

    private static final String TEXT = "text/plain; charset=utf-8";

    static Page text(int status, String body) {
        return new Page(status, Map.of("Content-Type", TEXT), body);
    }

    static Page json(String body) {
        return new Page(200, Map.of("Content-Type", "application/json"), body);
    }

    /** A failure, as Go's servers put it. */
    static Page error(int status, String body) {
        return new Page(status, Map.of("Content-Type", TEXT, "X-Content-Type-Options", "nosniff"), body + "\n");
    }

    /** An error that has no text of its own. */
    static Page plainError(int status) {
        return switch (status) {
            case 404 -> error(status, "404 page not found");
            case 405 -> error(status, "Method Not Allowed");
            default -> error(status, HttpResponseStatus.valueOf(status).reasonPhrase());
        };
    }

    static Page onlyGet() {
        return new Page(
                405,
                Map.of("Content-Type", TEXT, "X-Content-Type-Options", "nosniff", "Allow", "GET"),
                "Method Not Allowed\n");
    }
}
