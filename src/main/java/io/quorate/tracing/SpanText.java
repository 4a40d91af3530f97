package io.quorate.tracing;

import io.quorate.tracing.TracedCall.EndedCall;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls as a request of OTLP in JSON: a span of the server for each call, below that of its client, and below it one for each step of a
 * unary call's way, one behind the other. A stream has what went over it in their place.
 */
public final class SpanText {

    private static final int INTERNAL = 1;
    private static final int SERVER = 2;
    private static final int ERROR = 2;

    /** How clients end streams that they do not want any more. */
    private static final int CANCELLED = 1;

    private final Origin origin;

    /**
     * Whose spans these are.
     *
     * @param service name of all members
     * @param instance name of this one
     */
    public record Origin(String service, String instance) {}

    SpanText(Origin origin) {
        this.origin = origin;
    }

    byte[] of(List<TracedCall> calls) {
        StringBuilder json = new StringBuilder("{\"resourceSpans\":[{\"resource\":{\"attributes\":[");
        attribute(json, "service.name", origin.service());
        json.append(',');
        attribute(json, "service.instance.id", origin.instance());
        json.append("]},\"scopeSpans\":[{\"scope\":{\"name\":\"io.quorate\"},\"spans\":[");
        int before = json.length();
        for (TracedCall call : calls) {
            json.append(json.length() == before ? "" : ",");
            spans(json, call);
        }
        return json.append("]}]}]}").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void spans(StringBuilder json, TracedCall traced) {
        EndedCall call = traced.call();
        String id = SpanIds.span();
        long duration = call.trace().nanosUntil(call.endNanos());
        long begin = traced.endUnixNanos() - duration;
        span(
                json,
                new Head(traced.traceId(), id, traced.parent(), call.method(), SERVER),
                begin,
                traced.endUnixNanos());
        json.append(",\"attributes\":[");
        attribute(json, "rpc.system", "grpc");
        json.append(',');
        attribute(json, "rpc.service", call.method().replaceFirst("/.*", ""));
        json.append(',');
        attribute(json, "rpc.method", call.method().replaceFirst(".*/", ""));
        number(json, "rpc.grpc.status_code", call.code());
        traffic(json, call.traffic());
        json.append(',');
        attribute(json, "quorate.request.id", call.trace().id());
        if (call.client() instanceof InetSocketAddress client) {
            json.append(',');
            attribute(json, "client.address", client.getHostString());
        }
        boolean fine = call.code() == 0 || (call.code() == CANCELLED && call.traffic() != null);
        json.append(fine ? "]}" : "],\"status\":{\"code\":" + ERROR + "}}");
        if (call.traffic() != null) {
            return;
        }
        call.trace().visit(call.endNanos(), (step, from, to) -> {
            json.append(',');
            span(json, new Head(traced.traceId(), SpanIds.span(), id, step, INTERNAL), begin + from, begin + to);
            json.append('}');
        });
    }

    private static void traffic(StringBuilder json, CallSpans.@Nullable Traffic traffic) {
        if (traffic != null) {
            number(json, "quorate.stream.received.messages", traffic.receivedMessages());
            number(json, "quorate.stream.sent.messages", traffic.sentMessages());
            number(json, "quorate.stream.received.bytes", traffic.receivedBytes());
            number(json, "quorate.stream.sent.bytes", traffic.sentBytes());
        }
    }

    /** Another attribute behind one. */
    private static void number(StringBuilder json, String key, long value) {
        json.append(",{\"key\":\"")
                .append(key)
                .append("\",\"value\":{\"intValue\":\"")
                .append(value)
                .append("\"}}");
    }

    /** What a span is beside its times. */
    private record Head(String trace, String id, @Nullable String parent, String name, int kind) {}

    /** A span without its end. */
    private static void span(StringBuilder json, Head head, long begin, long end) {
        json.append("{\"traceId\":\"")
                .append(head.trace())
                .append("\",\"spanId\":\"")
                .append(head.id());
        if (head.parent() != null) {
            json.append("\",\"parentSpanId\":\"").append(head.parent());
        }
        json.append("\",\"name\":");
        quote(json, head.name());
        json.append(",\"kind\":").append(head.kind());
        json.append(",\"startTimeUnixNano\":\"").append(begin);
        json.append("\",\"endTimeUnixNano\":\"").append(end).append('"');
    }

    private static void attribute(StringBuilder json, String key, String value) {
        json.append("{\"key\":\"").append(key).append("\",\"value\":{\"stringValue\":");
        quote(json, value);
        json.append("}}");
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next == '"' || next == '\\') {
                json.append('\\').append(next);
            } else if (next < ' ' || Character.isSurrogate(next)) {
                json.append(String.format("\\u%04x", (int) next));
            } else {
                json.append(next);
            }
        }
        json.append('"');
    }
}
