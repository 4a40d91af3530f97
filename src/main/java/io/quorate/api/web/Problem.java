package io.quorate.api.web;

import io.grpc.Status;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer that tells what is wrong, as RFC 9457 has it. */
final class Problem extends RuntimeException {

    static final String MEDIA_TYPE = "application/problem+json";

    private static final long serialVersionUID = 1L;
    private static final String KINDS = "urn:quorate:problem:";

    private final int status;
    private final String kind;
    private final String title;
    private final transient Map<String, Object> more = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    /**
     * @param status of HTTP
     * @param kind short name of what it is, words with hyphens
     * @param title the same in words
     * @param detail what it is this time
     */
    Problem(int status, String kind, String title, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.kind = kind;
        this.title = title;
    }

    /** A mistake in one field of a request: of its path, query, header or body. */
    static Problem field(String field, String mistake) {
        return new Problem(400, "invalid-field", "A field of the request is invalid", field + ": " + mistake)
                .with("field", field);
    }

    static Problem notFound(String detail) {
        return new Problem(404, "not-found", "There is no such thing", detail);
    }

    static Problem tooLarge(long bytes) {
        return new Problem(413, "too-large", "The body is too large", "at most " + bytes + " bytes");
    }

    static Problem unavailable(String detail) {
        return new Problem(503, "busy", "The member is busy", detail).header("Retry-After", "1");
    }

    static Problem internal() {
        return new Problem(500, "internal", "The member failed", "internal error");
    }

    /** What a service answered: its text is the detail. */
    static Problem of(Status status) {
        return GrpcProblems.of(status);
    }

    /** Adds a member to what is told. */
    Problem with(String name, Object value) {
        more.put(name, value);
        return this;
    }

    /** Adds a field to the answer's header. */
    Problem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    int status() {
        return status;
    }

    String kind() {
        return kind;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** What is sent. */
    Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", KINDS + kind);
        body.put("title", title);
        body.put("status", status);
        String detail = getMessage();
        if (detail != null) {
            body.put("detail", detail);
        }
        body.putAll(more);
        return body;
    }

    /** A value of the body beside those of the standard; null if there is none. */
    @Nullable
    Object more(String name) {
        return more.get(name);
    }
}
