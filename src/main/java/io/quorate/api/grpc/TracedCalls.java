package io.quorate.api.grpc;

import com.google.protobuf.MessageLite;
import io.grpc.Context;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quorate.api.port.CallTracer;
import io.quorate.base.CallTrace;

/**
 * Enters the trace of the unary calls that gRPC's server serves, as compressed ones; the other transports do so themselves.
 * For gRPC's server only.
 */
public final class TracedCalls implements ServerInterceptor {

    /** The tracer of the call that gRPC's server works on; none for a method that is not known. */
    static final Context.Key<CallTracer> TRACER = Context.key("tracer");

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        ServerCall.Listener<Q> listener = next.startCall(call, headers);
        CallTracer tracer = TRACER.get();
        if (tracer == null || call.getMethodDescriptor().getType() != MethodType.UNARY) {
            return listener;
        }
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onMessage(Q message) {
                if (message instanceof MessageLite request) {
                    tracer.request(request);
                }
                super.onMessage(message);
            }

            @Override
            public void onHalfClose() {
                CallTrace trace = tracer.trace();
                CallTrace before = trace.enter();
                try {
                    trace.reach(CallTrace.Step.RECEIVED);
                    super.onHalfClose();
                } finally {
                    before.enter();
                }
            }
        };
    }
}
