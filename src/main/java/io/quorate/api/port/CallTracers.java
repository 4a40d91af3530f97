package io.quorate.api.port;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;

/** Makes the tracer of each call, for gRPC's server as for the transports of this package. */
public abstract class CallTracers extends ServerStreamTracer.Factory {

    @Override
    public abstract CallTracer newServerStreamTracer(String fullMethodName, Metadata headers);
}
