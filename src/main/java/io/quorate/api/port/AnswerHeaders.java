package io.quorate.api.port;

import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.quorate.api.headers.GrpcHeaders;
import org.jspecify.annotations.Nullable;

/** The HEADERS frames of answers. Those of a success are nearly always the same, and made once. */
final class AnswerHeaders {

    private static final AsciiString OK = AsciiString.of("200");
    private static final AsciiString GRPC = AsciiString.of("application/grpc");
    private static final Http2Headers HEAD =
            ReadOnlyHttp2Headers.serverHeaders(false, OK, HttpHeaderNames.CONTENT_TYPE, GRPC);
    private static final AsciiString GZIP = AsciiString.of("gzip");
    private static final Http2Headers PACKED_HEAD = ReadOnlyHttp2Headers.serverHeaders(
            false, OK, HttpHeaderNames.CONTENT_TYPE, GRPC, RequestFields.ENCODING, GZIP);
    private static final Http2Headers SUCCESS =
            ReadOnlyHttp2Headers.trailers(false, AsciiString.of("grpc-status"), AsciiString.of("0"));

    private AnswerHeaders() {}

    /** @param packed whether messages that follow may be packed by gzip */
    static Http2Headers head(@Nullable Metadata metadata, boolean packed) {
        if (metadata == null || GrpcHeaders.isEmpty(metadata)) {
            return packed ? PACKED_HEAD : HEAD;
        }
        Http2Headers head = start();
        return add(packed ? head.add(RequestFields.ENCODING, GZIP) : head, metadata);
    }

    static Http2Headers trailers(Status status, Metadata metadata) {
        boolean usual = status.isOk() && status.getDescription() == null && GrpcHeaders.isEmpty(metadata);
        return usual ? SUCCESS : end(new DefaultHttp2Headers(false), status, metadata);
    }

    static Http2Headers trailersOnly(Status status, Metadata metadata) {
        return end(start(), status, metadata);
    }

    /** The whole answer to a request that no service sees. */
    static Http2Headers refusal(RequestFields.Refusal refusal) {
        AsciiString httpStatus = AsciiString.of(Integer.toString(refusal.httpStatus()));
        return end(start(httpStatus), refusal.status(), refusal.trailers());
    }

    private static Http2Headers start() {
        return start(OK);
    }

    private static Http2Headers start(AsciiString httpStatus) {
        return new DefaultHttp2Headers(false).status(httpStatus).add(HttpHeaderNames.CONTENT_TYPE, GRPC);
    }

    private static Http2Headers end(Http2Headers headers, Status status, Metadata metadata) {
        return add(headers, GrpcHeaders.withStatus(metadata, status));
    }

    private static Http2Headers add(Http2Headers headers, Metadata metadata) {
        byte[][] namesAndValues = GrpcHeaders.http2Headers(metadata);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(new AsciiString(namesAndValues[i], false), new AsciiString(namesAndValues[i + 1], false));
        }
        return headers;
    }
}
