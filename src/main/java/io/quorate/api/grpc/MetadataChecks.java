package io.quorate.api.grpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quorate.api.error.WireErrors;
import io.quorate.base.RequestError;
import java.util.function.BooleanSupplier;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;

/**
 * What a client says beside its request (docs/etcd-v3.md, section 1.2): the version of its interface, which is counted, and whether
 * it wants to be served only as long as a leader is known. The streams of the latter are ended by the port when the leader
 * is lost later.
 */
@RequiredArgsConstructor
public final class MetadataChecks implements ServerInterceptor {

    private static final Metadata.Key<String> HAS_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

    private final BooleanSupplier leaderKnown;
    private final ClientVersions versions;

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        RequestError problem = check(call.getMethodDescriptor().getType() == MethodType.UNARY, headers);
        if (problem == null) {
            return next.startCall(call, headers);
        }
        call.close(WireErrors.status(problem), new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private @Nullable RequestError check(boolean unary, Metadata headers) {
        if (!versions.count(unary, headers)) {
            return RequestError.INVALID_CLIENT_API_VERSION;
        }
        boolean wantsLeader = "true".equals(headers.get(HAS_LEADER));
        return wantsLeader && !leaderKnown.getAsBoolean() ? RequestError.NO_LEADER : null;
    }
}
