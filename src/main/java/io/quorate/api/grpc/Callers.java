package io.quorate.api.grpc;

import io.grpc.Attributes;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quorate.tls.CommonNames;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSession;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;

/**
 * Finds the caller of a call (docs/etcd-v3.md, section 1.2): by {@code token}, by {@code authorization}, or by the common name of a
 * certificate. While authentication is off calls pass untouched, except those whose requests go on: it may be on when the next one
 * comes.
 */
@RequiredArgsConstructor
public final class Callers implements ServerInterceptor {

    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> GATEWAY =
            Metadata.Key.of("grpcgateway-accept", Metadata.ASCII_STRING_MARSHALLER);
    private static final String SCHEME = "Bearer ";

    private final BooleanSupplier isEnabled;
    /** Whether certificates stand for users, as {@code --client-cert-auth} makes them do. */
    private final boolean certificates;

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!isEnabled.getAsBoolean() && call.getMethodDescriptor().getType().clientSendsOneMessage()) {
            return next.startCall(call, headers);
        }
        return new Named<>(of(call.getAttributes(), headers), call, headers, next);
    }

    /** The caller that a call names. */
    Caller of(Attributes connection, Metadata headers) {
        return new Caller(token(headers), commonName(connection, headers));
    }

    private static @Nullable String token(Metadata headers) {
        String token = first(headers, TOKEN);
        String found = token == null ? first(headers, AUTHORIZATION) : token;
        return found != null && found.startsWith(SCHEME) ? found.substring(SCHEME.length()) : found;
    }

    /** {@link Metadata#get} would give the last. */
    private static @Nullable String first(Metadata headers, Metadata.Key<String> key) {
        Iterable<String> all = headers.getAll(key);
        return all == null ? null : all.iterator().next();
    }

    /** A certificate shown on the JSON port is that of a proxy, so it says nothing there. */
    private @Nullable String commonName(Attributes connection, Metadata headers) {
        SSLSession session = certificates ? connection.get(Grpc.TRANSPORT_ATTR_SSL_SESSION) : null;
        return session == null || headers.containsKey(GATEWAY) ? null : CommonNames.of(session);
    }

    /** Runs the handler in the caller's name: a unary one at the end of the request, a streaming one at the start. */
    private static final class Named<Q> extends SimpleForwardingServerCallListener<Q> {

        private final Caller caller;

        <A> Named(Caller caller, ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            super(caller.call(() -> next.startCall(call, headers)));
            this.caller = caller;
        }

        @Override
        public void onHalfClose() {
            caller.run(super::onHalfClose);
        }
    }
}
