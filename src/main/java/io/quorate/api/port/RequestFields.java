package io.quorate.api.port;

import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client says in the header of a stream, checked before anybody acts on it. A header that HTTP does not allow costs
 * its stream; what gRPC does not allow gets etcd's answer.
 */
final class RequestFields {

    private static final AsciiString POST = AsciiString.of("POST");
    private static final String GRPC = "application/grpc";

    /** The field that asks for a time-out. */
    static final AsciiString TIMEOUT = AsciiString.of("grpc-timeout");

    /** The field that says how messages are packed. */
    static final AsciiString ENCODING = AsciiString.of("grpc-encoding");

    private static final String UNPACKED = "identity";
    private static final String PACKED = "gzip";
    private static final Metadata.Key<String> READABLE =
            Metadata.Key.of("grpc-accept-encoding", Metadata.ASCII_STRING_MARSHALLER);

    private final Set<String> methods;
    private final Set<String> services;

    /**
     * An answer to a request that no service sees.
     *
     * @param httpStatus in the header of the answer
     * @param trailers what is said beside the status
     */
    record Refusal(int httpStatus, Status status, Metadata trailers) {

        /** The header cannot be read. */
        static Refusal malformed(Status status) {
            return new Refusal(400, status, new Metadata());
        }
    }

    /**
     * @param methods full names of what is served
     * @param services their services
     */
    RequestFields(Set<String> methods, Set<String> services) {
        this.methods = Set.copyOf(methods);
        this.services = Set.copyOf(services);
    }

    /** Whether names and values consist of what HTTP allows in them. */
    static boolean areWellFormed(Http2Headers headers) {
        if (!isValue(headers.path()) || !isValue(headers.authority()) || !isValue(headers.method())) {
            return false; // gRPC's headers do not show these among the others
        }
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            if (!isName(field.getKey()) || !isValue(field.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** Whether a request says what each must say; one of gRPC that does not gets the answer that etcd gives to it. */
    static boolean areComplete(Http2Headers headers) {
        return isGiven(headers.method()) && isGiven(headers.scheme()) && isGiven(headers.path());
    }

    private static boolean isGiven(@Nullable CharSequence value) {
        return value != null && !value.isEmpty();
    }

    private static boolean isName(CharSequence name) {
        int length = name.length();
        int first = length > 0 && name.charAt(0) == ':' ? 1 : 0;
        for (int i = first; i < length; i++) {
            char next = name.charAt(i);
            boolean letter = next >= 'a' && next <= 'z' || next >= '0' && next <= '9';
            if (!letter && "!#$%&'*+-.^_`|~".indexOf(next) < 0) {
                return false;
            }
        }
        return length > first;
    }

    private static boolean isValue(@Nullable CharSequence value) {
        if (value == null) {
            return true;
        }
        for (int i = 0; i < value.length(); i++) {
            char next = value.charAt(i);
            if (next < ' ' && next != '\t' || next == 0x7F) {
                return false;
            }
        }
        return true;
    }

    /** Whether a stream says that it is gRPC. */
    static boolean isGrpc(Http2Headers headers) {
        CharSequence type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        return type != null && AsciiString.of(type).startsWith(GRPC);
    }

    /** Why a call of gRPC is not made; null if nothing speaks against it. */
    @Nullable
    Refusal refusal(Http2Headers headers) {
        List<CharSequence> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1) {
            return refuse(
                    400,
                    Status.INTERNAL,
                    "num values of :authority: " + (headers.authority() == null ? 0 : 1) + ", num values of host: "
                            + hosts.size() + ", both must only have 1 value as per HTTP/2 spec");
        }
        String type = text(headers.get(HttpHeaderNames.CONTENT_TYPE));
        if (!isOfGrpc(type)) {
            return refuse(415, Status.INVALID_ARGUMENT, "invalid gRPC request content-type \"" + type + "\"");
        }
        CharSequence timeout = headers.get(TIMEOUT);
        if (GrpcTimeout.nanos(timeout) == GrpcTimeout.MALFORMED) {
            return refuse(400, Status.INTERNAL, "malformed grpc-timeout: " + GrpcTimeout.mistake(text(timeout)));
        }
        if (!POST.contentEquals(headers.method())) {
            return refuse(
                    405,
                    Status.INTERNAL,
                    "Received a HEADERS frame with :method \"" + text(headers.method()) + "\" which should be POST");
        }
        Refusal unknown = unknown(text(headers.path()));
        return unknown == null ? unreadable(encoding(headers)) : unknown;
    }

    /** What a message is called besides, as its encoding, does not matter: there is one kind of them. */
    private static boolean isOfGrpc(String type) {
        return type.startsWith(GRPC)
                && (type.length() == GRPC.length() || "+;".indexOf(type.charAt(GRPC.length())) >= 0);
    }

    /** Whether messages that say so are packed by gzip, and those of the answer too. */
    static boolean isPacked(Http2Headers headers) {
        return encoding(headers).equals(PACKED);
    }

    /** The last one counts. */
    private static String encoding(Http2Headers headers) {
        return headers.contains(ENCODING) ? headers.getAll(ENCODING).getLast().toString() : "";
    }

    /** Etcd does not say which encodings there are, while the protocol wants it said. */
    private static @Nullable Refusal unreadable(String encoding) {
        if (encoding.isEmpty() || encoding.equals(UNPACKED) || encoding.equals(PACKED)) {
            return null;
        }
        Metadata readable = new Metadata();
        readable.put(READABLE, UNPACKED + ',' + PACKED);
        String text = "grpc: Decompressor is not installed for grpc-encoding " + quoted(encoding);
        return new Refusal(200, Status.UNIMPLEMENTED.withDescription(text), readable);
    }

    /** A text in quotes, as programs in Go show it. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next == '"' || next == '\\') {
                quoted.append('\\').append(next);
            } else if (next == '\t') {
                quoted.append("\\t");
            } else if (next < ' ' || next > '~') {
                quoted.append(String.format(Locale.ROOT, "\\x%02x", (int) next));
            } else {
                quoted.append(next);
            }
        }
        return quoted.append('"').toString();
    }

    private @Nullable Refusal unknown(String path) {
        int last = path.lastIndexOf('/');
        if (!path.startsWith("/") || last <= 0) {
            return refuse(200, Status.UNIMPLEMENTED, "malformed method name: \"" + path + "\"");
        }
        String service = path.substring(1, last);
        if (!services.contains(service)) {
            return refuse(200, Status.UNIMPLEMENTED, "unknown service " + service);
        }
        return methods.contains(path.substring(1))
                ? null
                : refuse(
                        200,
                        Status.UNIMPLEMENTED,
                        "unknown method " + path.substring(last + 1) + " for service " + service);
    }

    private static Refusal refuse(int httpStatus, Status status, String text) {
        return new Refusal(httpStatus, status.withDescription(text), new Metadata());
    }

    private static String text(@Nullable CharSequence value) {
        return value == null ? "" : value.toString();
    }
}
