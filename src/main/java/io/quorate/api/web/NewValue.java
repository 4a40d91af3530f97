package io.quorate.api.web;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The value of a key, from the body of a request: all of it, or one field if the body is {@code application/json}.
 *
 * @param leaseId 0 for none
 */
record NewValue(ByteString bytes, long leaseId) {

    /**
     * The body as JSON.
     *
     * @param value a text in the encoding; anything else is kept as the text of its JSON
     * @param lease in hexadecimal
     */
    record Body(
            @Nullable JsonNode value,
            @Nullable String encoding,
            @Nullable String lease) {}

    static NewValue of(@Nullable String contentType, byte @Nullable [] body) {
        if (!isJson(contentType)) {
            return new NewValue(body == null ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(body), 0);
        }
        Body parsed = parse(body == null ? new byte[0] : body);
        return new NewValue(bytes(parsed.value(), parsed.encoding(), "value"), Parameters.id("lease", parsed.lease()));
    }

    private static Body parse(byte[] body) {
        Body parsed;
        try {
            parsed = RestJson.MAPPER.readValue(body, Body.class);
        } catch (JacksonException e) {
            throw Problems.unreadable(e);
        }
        if (parsed == null) {
            throw Problem.field("body", "an object with a field value");
        }
        return parsed;
    }

    /** The bytes of a value in a body; {@code field} is its name there. */
    static ByteString bytes(@Nullable JsonNode value, @Nullable String encoding, String field) {
        if (value == null || value.isNull()) {
            throw Problem.field(field, "missing");
        }
        return value.isString()
                ? ByteText.bytes(value.asString(), encoding, field)
                : ByteText.bytes(value.toString(), null, field);
    }

    private static boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        try {
            return MediaType.APPLICATION_JSON.isCompatibleWith(MediaType.parseMediaType(contentType));
        } catch (InvalidMediaTypeException e) {
            throw Problem.field("Content-Type", "not a media type");
        }
    }
}
