package io.quorate.api.port;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which requests of HTTP/1 are none, and what etcd answers them. */
final class Http1Rules {

    private static final int STATUS_DIGITS = 4;

    private static final String HOST_PUNCTUATION = "!$%&'()*+,-.:;=@[]_~";

    /**
     * The answer that ends a connection.
     *
     * @param status absent when there is no answer
     * @param text the body
     */
    record Refusal(@Nullable HttpResponseStatus status, String text) {

        private static Refusal bad(String detail) {
            String text = "400 Bad Request" + detail;
            return new Refusal(HttpResponseStatus.BAD_REQUEST, text);
        }

        /** The text in few words, for a problem. */
        String detail() {
            return text.isEmpty()
                    ? String.valueOf(status).substring(STATUS_DIGITS)
                    : text.replace("400 Bad Request: ", "");
        }
    }

    /** What cannot be read. */
    static final Refusal BAD = Refusal.bad("");

    private static final Refusal TOO_LARGE =
            new Refusal(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "431 Request Header Fields Too Large");

    private static final Refusal SILENCE = new Refusal(null, "");

    private Http1Rules() {}

    /** Why a request is not taken; null if nothing speaks against it. */
    static @Nullable Refusal refusal(HttpRequest request) {
        if (!isVersion1(request.protocolVersion())) {
            return SILENCE;
        }
        if (request.decoderResult().isFailure()) { // for which an encoding can be the cause
            Refusal framing = framing(request.headers());
            return framing == null ? unreadable(request) : framing;
        }
        Refusal host = host(request);
        if (host != null) {
            return host;
        }
        if (!isTarget(request.uri())) {
            return BAD;
        }
        return framing(request.headers());
    }

    private static Refusal unreadable(HttpRequest request) {
        return request.decoderResult().cause() instanceof TooLongHttpHeaderException ? TOO_LARGE : BAD;
    }

    /** {@code HTTP/1.} and a digit; what cannot be read at all has been made a 1.0 by the decoder. */
    private static boolean isVersion1(HttpVersion version) {
        return version.protocolName().equals("HTTP") && version.majorVersion() == 1;
    }

    private static @Nullable Refusal host(HttpRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1) {
            return BAD;
        }
        if (hosts.isEmpty()) {
            boolean http10 = request.protocolVersion().minorVersion() == 0;
            return http10 ? null : Refusal.bad(": missing required Host header");
        }
        return isHost(hosts.getFirst()) ? null : Refusal.bad(": malformed Host header");
    }

    private static boolean isHost(String host) {
        for (int i = 0; i < host.length(); i++) {
            char next = host.charAt(i);
            boolean letter = next >= 'a' && next <= 'z' || next >= 'A' && next <= 'Z' || next >= '0' && next <= '9';
            if (!letter && HOST_PUNCTUATION.indexOf(next) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTarget(String target) {
        return (target.equals("*") || target.startsWith("/") || pathStart(target) >= 0) && isEscaped(target);
    }

    /** Where the path begins in a target that names the server too; -1 when it does not. */
    static int pathStart(String target) {
        int scheme = target.indexOf("://");
        if (target.startsWith("/") || scheme <= 0) {
            return -1;
        }
        int path = target.indexOf('/', scheme + 3);
        return path < 0 ? -1 : path;
    }

    private static boolean isEscaped(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        for (int i = path.indexOf('%'); i >= 0; i = path.indexOf('%', i + 1)) {
            if (i + 2 >= path.length()
                    || Character.digit(path.charAt(i + 1), 16) < 0
                    || Character.digit(path.charAt(i + 2), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /** What is said about the body: one transfer encoding, the usual one; one expectation, the usual one. */
    private static @Nullable Refusal framing(HttpHeaders headers) {
        List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!encodings.isEmpty()
                && (encodings.size() > 1 || !encodings.getFirst().equalsIgnoreCase("chunked"))) {
            return new Refusal(HttpResponseStatus.NOT_IMPLEMENTED, "Unsupported transfer encoding");
        }
        String expectation = headers.get(HttpHeaderNames.EXPECT);
        if (expectation != null
                && !expectation.isEmpty()
                && !expectation.toLowerCase(Locale.ROOT).contains("100-continue")) {
            return new Refusal(HttpResponseStatus.EXPECTATION_FAILED, "");
        }
        return null;
    }
}
