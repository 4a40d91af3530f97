package io.quorate.api.port;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Map;
import java.util.TreeMap;

/** An interceptor that keeps the metadata of the last call; seeing it proves that calls pass the interceptors. */
public final class MetadataRecorder implements ServerInterceptor {

    private volatile Map<String, String> last = Map.of();

    /** Names and values. */
    public Map<String, String> last() {
        return last;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Map<String, String> seen = new TreeMap<>();
        for (String name : headers.keys()) {
            if (!name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                seen.put(name, String.valueOf(headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER))));
            }
        }
        last = seen;
        return next.startCall(call, headers);
    }
}
