package io.quorate.api.port;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.quorate.api.port.CallTracer.CallTracers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The methods that are served without gRPC's server: those whose messages are protobuf. The definitions are the very ones that gRPC's server has, with their interceptors.
 */
final class DirectMethods {

    private static final AsciiString POST = AsciiString.of("POST");
    private static final AsciiString GRPC = AsciiString.of("application/grpc");
    private static final AsciiString GRPC_PROTO = AsciiString.of("application/grpc+proto");

    private final Map<CharSequence, DirectMethod> methods = new HashMap<>();
    private final CallTracers tracers;
    private final int maxReceiveBytes;
    private final RequestFields fields;

    /**
     * A method, ready to be called.
     *
     * @param parser of its requests
     * @param endsByItself whether {@link DirectCall} serves it; the others are for {@link DirectStream}
     */
    record DirectMethod(
            MethodDescriptor<Message, Message> descriptor,
            ServerCallHandler<Message, Message> handler,
            Parser<? extends Message> parser,
            boolean endsByItself) {}

    /**
     * @param tracers told of every call, as gRPC's server tells them
     * @param maxReceiveBytes of one request
     */
    DirectMethods(List<ServerServiceDefinition> services, CallTracers tracers, int maxReceiveBytes) {
        this.tracers = tracers;
        this.maxReceiveBytes = maxReceiveBytes;
        services.forEach(service -> service.getMethods().forEach(this::add));
        this.fields = new RequestFields(
                services.stream()
                        .flatMap(service -> service.getMethods().stream())
                        .map(method -> method.getMethodDescriptor().getFullMethodName())
                        .collect(Collectors.toSet()),
                services.stream()
                        .map(service -> service.getServiceDescriptor().getName())
                        .collect(Collectors.toSet()));
    }

    @SuppressWarnings("unchecked") // a method whose marshaller knows a message as prototype takes and gives messages
    private void add(ServerMethodDefinition<?, ?> definition) {
        MethodDescriptor<?, ?> descriptor = definition.getMethodDescriptor();
        if (descriptor.getRequestMarshaller() instanceof PrototypeMarshaller<?> marshaller
                && marshaller.getMessagePrototype() instanceof Message prototype) {
            methods.put(
                    AsciiString.of("/" + descriptor.getFullMethodName()),
                    new DirectMethod(
                            (MethodDescriptor<Message, Message>) descriptor,
                            (ServerCallHandler<Message, Message>) definition.getServerCallHandler(),
                            DepthLimitedParser.of(prototype.getParserForType()),
                            StreamTracker.endsByItself(descriptor)));
        }
    }

    /** The method that a request names, null if it is not one of these or the request is not plain gRPC. */
    @Nullable
    DirectMethod find(Http2Headers headers) {
        CharSequence path = headers.path();
        CharSequence type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        boolean grpc = GRPC.contentEquals(type) || GRPC_PROTO.contentEquals(type);
        return grpc && path != null && POST.contentEquals(headers.method()) ? methods.get(path) : null;
    }

    RequestFields fields() {
        return fields;
    }

    CallTracers tracers() {
        return tracers;
    }

    int maxReceiveBytes() {
        return maxReceiveBytes;
    }
}
