package io.quorate.api.rest;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.quorate.api.port.HttpExchange;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** How the gateway tells of errors: {@code {"code":5,"message":"..."}}, with the HTTP status the code maps to. */
final class GatewayErrors {

    /** Bad input; never carries the text of a library's exception. */
    static final String INVALID_MESSAGE = "request does not fit the message";

    private GatewayErrors() {}

    /** Answers with an error. */
    static void respond(HttpExchange exchange, Status status) {
        HttpHeaders headers = GatewayHeaders.json();
        if (status.getCode() == Status.Code.UNAUTHENTICATED && status.getDescription() != null) {
            headers.set(HttpHeaderNames.WWW_AUTHENTICATE, singleLine(status.getDescription()));
        }
        ByteSink json = new ByteSink(128);
        write(status, json);
        exchange.respond(httpStatus(status.getCode()), headers, wrap(json));
    }

    /** The form inside a stream of answers. */
    static ByteBuf chunk(Status status) {
        ByteSink json = new ByteSink(128);
        json.putAscii("{\"error\":");
        write(status, json);
        json.putAscii("}\n");
        return wrap(json);
    }

    static ByteBuf wrap(ByteSink json) {
        return Unpooled.wrappedBuffer(json.array(), 0, json.size());
    }

    private static void write(Status status, ByteSink json) {
        json.putAscii("{\"code\":");
        json.putAscii(Integer.toString(status.getCode().value()));
        String message = status.getDescription();
        if (message != null && !message.isEmpty()) {
            byte[] text = message.getBytes(StandardCharsets.UTF_8);
            json.putAscii(",\"message\":");
            WireToJson.escape(text, 0, text.length, json);
        }
        json.put('}');
    }

    private static String singleLine(@Nullable String text) {
        return text == null ? "" : text.replaceAll("[^\\x20-\\x7e]", " ");
    }

    static int httpStatus(Status.Code code) {
        return switch (code) {
            case OK -> 200;
            case CANCELLED -> 499;
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
            case DEADLINE_EXCEEDED -> 504;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED -> 409;
            case PERMISSION_DENIED -> 403;
            case UNAUTHENTICATED -> 401;
            case RESOURCE_EXHAUSTED -> 429;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
        };
    }
}
