package io.quorate.api.grpc;

import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quorate.api.error.WireErrors;
import io.quorate.base.RequestError;
import io.quorate.proto.RangeRequest;
import java.util.Set;
import java.util.function.BooleanSupplier;
import lombok.RequiredArgsConstructor;

/** A learner serves its status, serializable ranges and snapshots, and refuses all else (docs/etcd-v3.md, section 1.2). */
@RequiredArgsConstructor
public final class LearnerRule implements ServerInterceptor {

    private static final String RANGE = "etcdserverpb.KV/Range";
    private static final Set<String> SERVED =
            Set.of(RANGE, "etcdserverpb.Maintenance/Status", "etcdserverpb.Maintenance/Snapshot");

    private final BooleanSupplier isLearner;

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!isLearner.getAsBoolean()) {
            return next.startCall(call, headers);
        }
        String method = call.getMethodDescriptor().getFullMethodName();
        if (!SERVED.contains(method)) {
            refuse(call);
            return new ServerCall.Listener<>() {};
        }
        ServerCall.Listener<Q> listener = next.startCall(call, headers);
        return method.equals(RANGE) ? new SerializableOnly<>(call, listener) : listener;
    }

    private static void refuse(ServerCall<?, ?> call) {
        Status status = WireErrors.status(RequestError.NOT_SUPPORTED_FOR_LEARNER);
        call.close(status, new Metadata());
    }

    /** Looks at the request before the handler does. */
    private static final class SerializableOnly<Q>
            extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {

        private final ServerCall<Q, ?> call;
        private boolean refused;

        SerializableOnly(ServerCall<Q, ?> call, ServerCall.Listener<Q> next) {
            super(next);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            if (message instanceof RangeRequest range && !range.getSerializable()) {
                refused = true;
                refuse(call);
            } else {
                super.onMessage(message);
            }
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                super.onHalfClose();
            }
        }
    }
}
