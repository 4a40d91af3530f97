package io.quorate.api.rest;

import com.google.common.primitives.Longs;
import io.grpc.Metadata;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.quorate.api.port.CallTracer;
import io.quorate.api.port.GrpcTimeout;
import io.quorate.api.port.HttpExchange;
import io.quorate.api.rest.JsonCursor.JsonSyntaxException;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Header fields of HTTP as metadata of gRPC, and the other way round. */
final class GatewayHeaders {

    private static final String METADATA_PREFIX = "grpc-metadata-";
    private static final String GATEWAY_PREFIX = "grpcgateway-";
    private static final Metadata.Key<String> AUTHORIZATION = key("authorization");
    private static final Metadata.Key<String> ACCEPT = key(GATEWAY_PREFIX + "accept");
    private static final Metadata.Key<String> FORWARDED_FOR = key("x-forwarded-for");
    private static final Metadata.Key<String> FORWARDED_HOST = key("x-forwarded-host");

    private static final AsciiString JSON = AsciiString.cached("application/json");
    private static final AsciiString GRPC_CONTENT_TYPE = AsciiString.cached("Grpc-Metadata-Content-Type");
    private static final AsciiString GRPC = AsciiString.cached("application/grpc");
    private static final AsciiString GRPC_TIMEOUT = AsciiString.cached("grpc-timeout");

    /** Standard request fields and the names services see them under. */
    private static final Map<String, Metadata.Key<String>> STANDARD_FIELDS = Stream.of(
                    "accept-charset",
                    "accept-language",
                    "accept-ranges",
                    "authorization",
                    "cache-control",
                    "content-type",
                    "cookie",
                    "date",
                    "expect",
                    "from",
                    "host",
                    "if-match",
                    "if-modified-since",
                    "if-none-match",
                    "if-schedule-tag-match",
                    "if-unmodified-since",
                    "max-forwards",
                    "origin",
                    "pragma",
                    "referer",
                    "user-agent",
                    "via",
                    "warning")
            .collect(Collectors.toUnmodifiableMap(name -> name, name -> key(GATEWAY_PREFIX + name)));

    private GatewayHeaders() {}

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** Fields of a JSON answer. */
    static HttpHeaders json() {
        return DefaultHttpHeadersFactory.headersFactory().newHeaders().add(HttpHeaderNames.CONTENT_TYPE, JSON);
    }

    /** Fields of the answer of a call that was made. */
    static HttpHeaders answer(Metadata sent) {
        HttpHeaders headers = json().add(GRPC_CONTENT_TYPE, GRPC);
        for (String name : sent.keys()) {
            if (!name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                String value = sent.get(key(name));
                if (value != null) {
                    headers.add("Grpc-Metadata-" + name, value);
                }
            }
        }
        return headers;
    }

    /**
     * What a service sees of a request. {@code grpcgateway-accept} is always there: its presence is how a service knows
     * that a call came through the gateway, whose TLS identity must not count as the client's.
     */
    static Metadata metadata(HttpExchange exchange) {
        Metadata metadata = new Metadata();
        String accept = exchange.headers().get(HttpHeaderNames.ACCEPT);
        metadata.put(ACCEPT, accept == null ? "*/*" : accept);
        for (Map.Entry<String, String> field : exchange.headers()) {
            add(metadata, field.getKey().toLowerCase(Locale.ROOT), field.getValue());
        }
        if (exchange.peer().remote() instanceof InetSocketAddress remote) {
            String before = exchange.headers().get("X-Forwarded-For");
            String client = remote.getAddress().getHostAddress();
            metadata.put(FORWARDED_FOR, before == null ? client : before + ", " + client);
        }
        String host = exchange.headers().get(HttpHeaderNames.HOST);
        if (host != null) {
            metadata.put(FORWARDED_HOST, host);
        }
        return metadata;
    }

    private static void add(Metadata metadata, String name, String value) {
        if (name.equals("authorization")) {
            metadata.put(AUTHORIZATION, value);
        } else if (name.equals(CallTracer.TRACE_PARENT.name())) {
            metadata.put(CallTracer.TRACE_PARENT, value);
        }
        Metadata.Key<String> standard = STANDARD_FIELDS.get(name);
        if (standard != null) {
            metadata.put(standard, value);
        } else if (name.startsWith(METADATA_PREFIX) && name.length() > METADATA_PREFIX.length()) {
            custom(metadata, name.substring(METADATA_PREFIX.length()), value);
        }
    }

    private static void custom(Metadata metadata, String name, String value) {
        if (name.startsWith("grpc-") || name.startsWith(":")) {
            return; // reserved by the protocol
        }
        try {
            if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                byte[] bytes = Base64.getDecoder().decode(value);
                metadata.put(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER), bytes);
            } else {
                metadata.put(key(name), value);
            }
        } catch (IllegalArgumentException e) { // a name that metadata cannot have, or bytes that are not base64
            throw new JsonSyntaxException("invalid header Grpc-Metadata-" + name);
        }
    }

    /**
     * The caller's limit in nanoseconds, 0 when there is none: a whole number and a unit. One below zero is over already.
     *
     * @throws JsonSyntaxException when the field is not of that form
     */
    static long timeoutNanos(HttpExchange exchange) {
        String said = exchange.headers().get(GRPC_TIMEOUT);
        if (said == null || said.isEmpty()) {
            return 0;
        }
        TimeUnit unit = GrpcTimeout.unit(said.charAt(said.length() - 1));
        Long amount = Longs.tryParse(said.substring(said.startsWith("+") ? 1 : 0, said.length() - 1));
        if (unit == null || amount == null || said.startsWith("+-")) {
            throw new JsonSyntaxException("invalid grpc-timeout: " + said);
        }
        return amount == 0 ? 0 : Math.max(1, unit.toNanos(amount));
    }
}
