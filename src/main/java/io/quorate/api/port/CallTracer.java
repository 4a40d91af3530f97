package io.quorate.api.port;

import com.google.protobuf.MessageLite;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.quorate.base.CallTrace;

/**
 * Told of one call by the transport that carries it. The transports also say which client
 * calls, and enter the call's trace while a service works on it.
 */
public abstract class CallTracer extends ServerStreamTracer {

    /** The field with the span of the client (W3C Trace Context). */
    public static final Metadata.Key<String> TRACE_PARENT =
            Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

    /** What is known of the client's connection; before any message. */
    public abstract void connected(Attributes connection);

    /** What the client asks for; kept only if it is small, so that it takes no memory that nobody accounts for. */
    public abstract void request(MessageLite request);

    /** Where the call is on its way. */
    public abstract CallTrace trace();

    /** Makes the tracer of each call. */
    public abstract static class CallTracers extends ServerStreamTracer.Factory {

        @Override
        public abstract CallTracer newServerStreamTracer(String fullMethodName, Metadata headers);
    }
}
