package io.quorate.api.web;

import io.grpc.Metadata;
import io.quorate.api.port.BridgedClient;
import io.quorate.api.port.CallTracer;
import io.quorate.api.port.GrpcTimeout;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The caller of a request, as services see it.
 *
 * @param address of the client
 * @param authorization the field of that name; a token, or name and password
 * @param agent the field User-Agent
 * @param traceParent the field traceparent
 * @param timeoutNanos how long each call may take, 0 for no limit
 */
record RestCaller(
        SocketAddress address,
        @Nullable String authorization,
        @Nullable String agent,
        @Nullable String traceParent,
        long timeoutNanos) {

    private static final Metadata.Key<String> AUTHORIZATION = key("authorization");
    /** How a service knows that TLS says nothing about the client, as behind the gateway. */
    private static final Metadata.Key<String> GATEWAY = key("grpcgateway-accept");

    private static final Metadata.Key<String> AGENT = key("grpcgateway-user-agent");
    private static final Metadata.Key<String> FORWARDED_FOR = key("x-forwarded-for");
    private static final String TIMEOUT_FIELD = "grpc-timeout";

    static RestCaller of(HttpServletRequest request, BridgedClient client) {
        long timeoutNanos = GrpcTimeout.nanos(request.getHeader(TIMEOUT_FIELD));
        if (timeoutNanos == GrpcTimeout.MALFORMED) {
            throw Problem.field(TIMEOUT_FIELD, "at most eight digits and one of H, M, S, m, u, n");
        }
        return new RestCaller(
                client.peer().remote(),
                request.getHeader("Authorization"),
                printable(request.getHeader("User-Agent")),
                printable(request.getHeader(CallTracer.TRACE_PARENT.name())),
                timeoutNanos);
    }

    /** The same with another token. */
    RestCaller withToken(String token) {
        return new RestCaller(address, token, agent, traceParent, timeoutNanos);
    }

    /** The same without credentials. */
    RestCaller anonymous() {
        return new RestCaller(address, null, agent, traceParent, timeoutNanos);
    }

    /** The same with a limit of time of its own, unless there is a shorter one. */
    RestCaller within(long nanos) {
        return new RestCaller(
                address, authorization, agent, traceParent, timeoutNanos == 0 ? nanos : Math.min(nanos, timeoutNanos));
    }

    Metadata metadata() {
        Metadata metadata = new Metadata();
        metadata.put(GATEWAY, "*/*");
        if (authorization != null) {
            metadata.put(AUTHORIZATION, authorization);
        }
        if (agent != null) {
            metadata.put(AGENT, agent);
        }
        if (traceParent != null) {
            metadata.put(CallTracer.TRACE_PARENT, traceParent);
        }
        if (address instanceof InetSocketAddress inet) {
            metadata.put(FORWARDED_FOR, inet.getAddress().getHostAddress());
        }
        return metadata;
    }

    private static @Nullable String printable(@Nullable String text) {
        return text == null ? null : text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** Leaves the credentials out. */
    @Override
    public String toString() {
        return "caller at " + address;
    }
}
